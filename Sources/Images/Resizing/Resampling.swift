/// Brings an image to another size, as Pillow 13's `resize(…, BILINEAR)` does: one axis after the other with
/// bytes in between, and no pass along an axis whose size stays the same.
///
/// Within every row first; within every column first where the image loses more than twice as many rows as
/// columns.
struct Resampling {
  /// Of the source and of the result.
  private let source: ImageSize
  private let result: ImageSize
  private let rows: ResamplingAxis?
  private let columns: ResamplingAxis?
  private let isRowsFirst: Bool

  init(from source: ImageSize, to result: ImageSize) {
    self.source = source
    self.result = result
    rows = result.height == source.height ? nil : ResamplingAxis(from: source.height, to: result.height)
    columns = result.width == source.width ? nil : ResamplingAxis(from: source.width, to: result.width)
    let (lostRows, lostColumns) = (source.height - result.height, source.width - result.width)
    isRowsFirst = lostRows > 0 && lostRows > 2 * lostColumns
  }

  /// Bytes of scratch memory: what is between the two passes.
  func scratchCount(channels: Int) -> Int {
    if columns == nil { return 0 }
    return (isRowsFirst ? result.height * source.width : source.height * result.width) * channels
  }

  /// - Parameters:
  ///   - pixels: `[source.height, source.width, channels]`, rows `stride` bytes apart.
  ///   - target: `[result.height, result.width, channels]`, rows `targetStride` bytes apart.
  ///   - scratch: `scratchCount` bytes.
  func apply(
    _ pixels: UnsafePointer<UInt8>, stride: Int, channels: Int,
    into target: UnsafeMutablePointer<UInt8>, targetStride: Int, scratch: UnsafeMutablePointer<UInt8>
  ) {
    let (line, sourceLine) = (result.width * channels, source.width * channels)
    guard let columns else {
      return applyRows(pixels, stride: stride, count: line, into: target, targetStride: targetStride)
    }
    if isRowsFirst {
      applyRows(pixels, stride: stride, count: sourceLine, into: scratch, targetStride: sourceLine)
      for row in 0..<result.height {
        Self.applyColumns(
          columns, scratch + row * sourceLine, channels: channels, into: target + row * targetStride)
      }
    } else {
      for row in 0..<source.height {
        Self.applyColumns(columns, pixels + row * stride, channels: channels, into: scratch + row * line)
      }
      applyRows(scratch, stride: line, count: line, into: target, targetStride: targetStride)
    }
  }

  private static func applyColumns(
    _ axis: ResamplingAxis, _ source: UnsafePointer<UInt8>, channels: Int,
    into target: UnsafeMutablePointer<UInt8>
  ) {
    axis.weights.withUnsafeBufferPointer { weights in
      for place in axis.firsts.indices {
        let from = source + axis.firsts[place] * channels
        for channel in 0..<channels {
          var sum = half
          for offset in 0..<axis.counts[place] {
            sum &+= Int32(from[offset &* channels &+ channel]) &* weights[place &* axis.width &+ offset]
          }
          target[place * channels + channel] = byte(sum)
        }
      }
    }
  }

  /// - Parameter count: bytes of a row.
  private func applyRows(
    _ pixels: UnsafePointer<UInt8>, stride: Int, count: Int,
    into target: UnsafeMutablePointer<UInt8>, targetStride: Int
  ) {
    guard let rows else {
      for row in 0..<result.height {
        (target + row * targetStride).update(from: pixels + row * stride, count: count)
      }
      return
    }
    rows.weights.withUnsafeBufferPointer { weights in
      for row in 0..<result.height {
        let from = pixels + rows.firsts[row] * stride
        for column in 0..<count {
          var sum = Self.half
          for offset in 0..<rows.counts[row] {
            sum &+= Int32(from[offset &* stride &+ column]) &* weights[row &* rows.width &+ offset]
          }
          target[row * targetStride + column] = Self.byte(sum)
        }
      }
    }
  }

  private static let half = Int32(1) << (ResamplingAxis.weightBits - 1)

  private static func byte(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: min(255, max(0, sum >> ResamplingAxis.weightBits)))
  }
}
