import Compute

/// What is done to the results of a convolution while they are still in cache.
package enum OutputStep {
  /// They are written to the output.
  case none
  /// They are written to the output and measured.
  case measure(ChannelMoments)
  /// They are normalised and written elsewhere; the output's contents are undefined.
  case normalize(ChannelLine)
}

/// result = rectify(slope · x + offset + residual), slope and offset for each channel, the last two
/// steps where asked for.
package struct ChannelLine {
  /// `[channels]`
  package let slope: UnsafePointer<Float>
  /// `[channels]`
  package let offset: UnsafePointer<Float>
  /// Of the shape of the result, and may be the result.
  package let residual: UnsafePointer<Float>?
  package let result: UnsafeMutablePointer<Float>
  package let rectifies: Bool

  package init(
    slope: UnsafePointer<Float>, offset: UnsafePointer<Float>, residual: UnsafePointer<Float>?,
    result: UnsafeMutablePointer<Float>, rectifies: Bool
  ) {
    self.slope = slope
    self.offset = offset
    self.residual = residual
    self.result = result
    self.rectifies = rectifies
  }

  /// Takes numbers of neighbouring channels from `c` on, whose place in the result is `index`.
  @inline(__always)
  func write<Lanes: FloatLanes>(_ value: Lanes, channel c: Int, at index: Int) {
    write(value, channel: c, at: index, adding: residual, rectifies: rectifies)
  }

  @inline(__always)
  private func write<Lanes: FloatLanes>(
    _ value: Lanes, channel c: Int, at index: Int, adding residual: UnsafePointer<Float>?,
    rectifies: Bool
  ) {
    var value = Lanes(at: offset + c).addingProduct(value, Lanes(at: slope + c))
    if let residual { value = value + Lanes(at: residual + index) }
    if rectifies { value = value.rectified }
    value.store(at: result + index)
  }

  /// Takes some rows of `[rows, channels]`, `stride` apart.
  func write(_ rows: Range<Int>, of input: UnsafePointer<Float>, channels: Int, stride: Int) {
    // A loop for each case, without questions inside.
    switch (residual, rectifies) {
    case (let residual?, true):
      map(rows, of: input, channels: channels, stride: stride, adding: residual, rectifies: true)
    case (let residual?, false):
      map(rows, of: input, channels: channels, stride: stride, adding: residual, rectifies: false)
    case (nil, true):
      map(rows, of: input, channels: channels, stride: stride, adding: nil, rectifies: true)
    case (nil, false):
      map(rows, of: input, channels: channels, stride: stride, adding: nil, rectifies: false)
    }
  }

  @inline(__always)
  private func map(
    _ rows: Range<Int>, of input: UnsafePointer<Float>, channels: Int, stride: Int,
    adding residual: UnsafePointer<Float>?, rectifies: Bool
  ) {
    @inline(__always)
    func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ row: Int, _ c: Int) {
      write(
        Lanes(at: input + (row * stride + c)), channel: c, at: row * channels + c, adding: residual,
        rectifies: rectifies)
    }
    for row in rows {
      forEachLanes(channels) {
        body(SIMD16<Float>.self, row, $0)
      } one: {
        body(Float.self, row, $0)
      }
    }
  }
}

extension OutputStep {
  /// Does it for some rows of `[rows, channels]` that are complete, as one part.
  ///
  /// - Parameter stride: from row to row; `channels` unless given.
  @inline(__always)
  func apply(
    to rows: Range<Int>, of output: UnsafePointer<Float>, channels: Int, stride: Int? = nil,
    part: Int
  ) {
    let stride = stride ?? channels
    switch self {
    case .none: break
    case .measure(let moments): moments.measure(rows, of: output, stride: stride, part: part)
    case .normalize(let line): line.write(rows, of: output, channels: channels, stride: stride)
    }
  }

  static let rowsPerPart = 256

  /// Does it for all rows of an output that was written without it.
  func apply(
    toAll rows: Int, of output: UnsafePointer<Float>, channels: Int, stride: Int? = nil,
    pool: WorkerPool
  ) {
    if case .none = self { return }
    let blocks = Blocks(rows, ofAtMost: Self.rowsPerPart)
    prepare(parts: blocks.blockCount)
    pool.run(blocks.blockCount) { block, _ in
      apply(to: blocks[block], of: output, channels: channels, stride: stride, part: block)
    }
  }

  /// To be called before parts are measured.
  func prepare(parts: Int) {
    if case .measure(let moments) = self { moments.prepare(parts: parts) }
  }
}
