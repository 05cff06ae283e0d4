import Compute

/// The largest value in each 3x3 window, stride 2, padding 1: the pooling of ResNet's stem.
///
/// Input `[images, height, width, channels]`, output `[images, ⌈height/2⌉, ⌈width/2⌉, channels]`.
public final class MaxPooling {
  public let inputHeight: Int
  public let inputWidth: Int
  public let channels: Int
  private let context: ExecutionContext
  /// For every output number the tap of the window that it came from, 0...8.
  private var winners: [UInt8]

  public init(
    batch: Int, inputHeight: Int, inputWidth: Int, channels: Int, context: ExecutionContext
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.channels = channels
    self.context = context
    winners = [UInt8](
      repeating: 0, count: batch * ((inputHeight + 1) / 2) * ((inputWidth + 1) / 2) * channels)
  }

  public var outputHeight: Int { (inputHeight + 1) / 2 }
  public var outputWidth: Int { (inputWidth + 1) / 2 }

  public func forward(
    images: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    let channels = self.channels
    winners.withUnsafeMutableBufferPointer { winners in
      let base = winners.baseAddress.unsafelyUnwrapped
      context.pool.run(images * outputHeight) { line, _ in
        let (image, row) = line.quotientAndRemainder(dividingBy: outputHeight)
        for column in 0..<outputWidth {
          let at = (line * outputWidth + column) * channels
          (output + at).update(repeating: -.infinity, count: channels)
          forEachTap(row, column) { tap, y, x in
            let source = input + ((image * inputHeight + y) * inputWidth + x) * channels
            for c in 0..<channels where source[c] > output[at + c] || source[c].isNaN {
              output[at + c] = source[c]
              base[at + c] = UInt8(truncatingIfNeeded: tap)
            }
          }
        }
      }
    }
  }

  /// Sends each output's gradient to the input that won.
  public func backward(
    images: Int, outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    let channels = self.channels
    let imageSize = inputHeight * inputWidth * channels
    winners.withUnsafeBufferPointer { winners in
      context.pool.run(images) { image, _ in
        let destination = inputGradient + image * imageSize
        destination.update(repeating: 0, count: imageSize)
        for row in 0..<outputHeight {
          for column in 0..<outputWidth {
            let at = ((image * outputHeight + row) * outputWidth + column) * channels
            for c in 0..<channels {
              let (tapRow, tapColumn) = Int(winners[at + c]).quotientAndRemainder(dividingBy: 3)
              let pixel = (2 * row + tapRow - 1) * inputWidth + 2 * column + tapColumn - 1
              destination[pixel * channels + c] += outputGradient[at + c]
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func forEachTap(_ row: Int, _ column: Int, _ body: (_ tap: Int, _ y: Int, _ x: Int) -> Void) {
    for tapRow in 0..<3 {
      let y = 2 * row + tapRow - 1
      guard y >= 0 && y < inputHeight else { continue }
      for tapColumn in 0..<3 {
        let x = 2 * column + tapColumn - 1
        guard x >= 0 && x < inputWidth else { continue }
        body(tapRow * 3 + tapColumn, y, x)
      }
    }
  }
}
