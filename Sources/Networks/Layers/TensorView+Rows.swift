import Compute

// Passes over the rows of a node, split by their number alone.

extension TensorView {
  private static let rowsPerTask = 256

  /// Calls `body` for ranges of rows, in parallel.
  @inline(__always)
  static func forEachRange(
    of rows: Int, pool: WorkerPool, _ body: (Range<Int>) -> Void
  ) {
    let blocks = Blocks(rows, ofAtMost: rowsPerTask)
    pool.run(blocks.blockCount) { block, _ in body(blocks[block]) }
  }

  /// Takes the numbers of another view of the same shape, or adds them to its own.
  func take(_ source: TensorView, rows: Int, accumulates: Bool, pool: WorkerPool) {
    let channels = shape.channels
    Self.forEachRange(of: rows, pool: pool) { range in
      for row in range {
        let (from, to) = (source.pointer + row * source.stride, pointer + row * stride)
        func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
          let value = Lanes(at: from + c)
          (accumulates ? Lanes(at: to + c) + value : value).store(at: to + c)
        }
        forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      }
    }
  }

  func copy(_ source: TensorView, rows: Int, pool: WorkerPool) {
    take(source, rows: rows, accumulates: false, pool: pool)
  }

  /// Puts zeros into all rows.
  func clear(rows: Int, pool: WorkerPool) {
    Self.forEachRange(of: rows, pool: pool) { range in
      for row in range { (pointer + row * stride).update(repeating: 0, count: shape.channels) }
    }
  }

  /// Puts zeros into a gradient where these numbers, which a rectifier gave, are not above zero; both are
  /// dense.
  func gate(_ gradient: UnsafeMutablePointer<Float>, rows: Int, pool: WorkerPool) {
    let channels = shape.channels
    Self.forEachRange(of: rows, pool: pool) { range in
      let start = range.lowerBound * channels
      func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ i: Int) {
        Lanes(at: gradient + (start + i)).gated(by: Lanes(at: pointer + (start + i)))
          .store(at: gradient + (start + i))
      }
      forEachLanes(range.count * channels) {
        body(SIMD16<Float>.self, $0)
      } one: {
        body(Float.self, $0)
      }
    }
  }
}

extension ChannelLine {
  /// Takes all rows of a dense `[rows, channels]` to rows of the result that are `resultStride` apart.
  func write(
    rows: Int, of input: UnsafePointer<Float>, channels: Int, resultStride: Int, pool: WorkerPool
  ) {
    TensorView.forEachRange(of: rows, pool: pool) { range in
      for row in range {
        func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
          write(Lanes(at: input + (row * channels + c)), channel: c, at: row * resultStride + c)
        }
        forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      }
    }
  }
}

/// Sums of a dense `[rows, channels]` over its rows, in parts that are added up in their order.
final class ChannelSums {
  private static let rowsPerPart = 256
  private let channels: Int
  private let parts: FloatBuffer

  init(channels: Int, maximumRows: Int) {
    self.channels = channels
    parts = FloatBuffer(
      count: Blocks(maximumRows, ofAtMost: Self.rowsPerPart).blockCount * channels)
  }

  func sum(
    _ rows: UnsafePointer<Float>, rows count: Int, into sums: UnsafeMutablePointer<Float>,
    pool: WorkerPool
  ) {
    let blocks = Blocks(count, ofAtMost: Self.rowsPerPart)
    let parts = self.parts.pointer
    pool.run(blocks.blockCount) { block, _ in
      func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
        var sum = Lanes(repeating: 0)
        for row in blocks[block] { sum = sum + Lanes(at: rows + (row * channels + c)) }
        sum.store(at: parts + (block * channels + c))
      }
      forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
    }
    for c in 0..<channels {
      var sum = 0.0
      for block in 0..<blocks.blockCount { sum += Double(parts[block * channels + c]) }
      sums[c] = Float(sum)
    }
  }
}
