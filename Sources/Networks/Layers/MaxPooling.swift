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

  private static let linesPerTask = 8

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
    let blocks = Blocks(images * outputHeight, ofAtMost: Self.linesPerTask)
    winners.withUnsafeMutableBufferPointer { winners in
      let base = winners.baseAddress.unsafelyUnwrapped
      context.pool.run(blocks.blockCount) { block, _ in
        for line in blocks[block] {
          let (image, row) = line.quotientAndRemainder(dividingBy: outputHeight)
          let source = input + image * inputHeight * inputWidth * channels
          for column in 0..<outputWidth {
            let at = (line * outputWidth + column) * channels
            forEachLanes(channels) {
              poolSixteen(row, column, source + $0, into: output + at + $0, base + at + $0)
            } one: {
              poolOne(row, column, source + $0, into: output + at + $0, base + at + $0)
            }
          }
        }
      }
    }
  }

  /// Not-a-number wins over everything, and the first of several equal ones.
  @inline(__always)
  private func poolSixteen(
    _ row: Int, _ column: Int, _ image: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>, _ winner: UnsafeMutablePointer<UInt8>
  ) {
    var best = SIMD16<Float>(repeating: -.infinity)
    var bestTap = SIMD16<Int32>(repeating: 0)
    forEachTap(row, column) { tap, pixel in
      let value = SIMD16<Float>(at: image + pixel * channels)
      let isBetter = (value .> best) .| (value .!= value)
      best.replace(with: value, where: isBetter)
      bestTap.replace(with: Int32(truncatingIfNeeded: tap), where: isBetter)
    }
    best.store(at: output)
    UnsafeMutableRawPointer(winner)
      .storeBytes(of: SIMD16<UInt8>(truncatingIfNeeded: bestTap), as: SIMD16<UInt8>.self)
  }

  @inline(__always)
  private func poolOne(
    _ row: Int, _ column: Int, _ image: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>, _ winner: UnsafeMutablePointer<UInt8>
  ) {
    output.pointee = -.infinity
    winner.pointee = 0
    forEachTap(row, column) { tap, pixel in
      let value = image[pixel * channels]
      if value > output.pointee || value.isNaN {
        output.pointee = value
        winner.pointee = UInt8(truncatingIfNeeded: tap)
      }
    }
  }

  /// Sends each output's gradient to the input that won.
  public func backward(
    images: Int, outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    let blocks = Blocks(images * inputHeight, ofAtMost: Self.linesPerTask)
    winners.withUnsafeBufferPointer { winners in
      let base = winners.baseAddress.unsafelyUnwrapped
      context.pool.run(blocks.blockCount) { block, _ in
        for line in blocks[block] {
          let (image, y) = line.quotientAndRemainder(dividingBy: inputHeight)
          let start = image * outputHeight * outputWidth * channels
          for x in 0..<inputWidth {
            let destination = inputGradient + (line * inputWidth + x) * channels
            forEachLanes(channels) { c in
              var sum = SIMD16<Float>(repeating: 0)
              forEachWindow(y, x) { tap, pixel in
                let at = start + pixel * channels + c
                let winner = UnsafeRawPointer(base + at).loadUnaligned(as: SIMD16<UInt8>.self)
                sum += SIMD16<Float>(at: outputGradient + at).replacing(
                  with: 0,
                  where: SIMD16<Int32>(truncatingIfNeeded: winner)
                    .!= Int32(truncatingIfNeeded: tap))
              }
              sum.store(at: destination + c)
            } one: { c in
              var sum: Float = 0
              forEachWindow(y, x) { tap, pixel in
                let at = start + pixel * channels + c
                if Int(base[at]) == tap { sum += outputGradient[at] }
              }
              destination[c] = sum
            }
          }
        }
      }
    }
  }

  /// The input pixels of an output, with their taps.
  @inline(__always)
  private func forEachTap(_ row: Int, _ column: Int, _ body: (_ tap: Int, _ pixel: Int) -> Void) {
    for tapRow in 0..<3 {
      let y = 2 * row + tapRow - 1
      guard y >= 0 && y < inputHeight else { continue }
      for tapColumn in 0..<3 {
        let x = 2 * column + tapColumn - 1
        guard x >= 0 && x < inputWidth else { continue }
        body(tapRow * 3 + tapColumn, y * inputWidth + x)
      }
    }
  }

  /// The output pixels whose windows hold an input pixel, with the tap that it has there.
  @inline(__always)
  private func forEachWindow(_ y: Int, _ x: Int, _ body: (_ tap: Int, _ pixel: Int) -> Void) {
    for row in (y / 2)...((y + 1) / 2) where row < outputHeight {
      for column in (x / 2)...((x + 1) / 2) where column < outputWidth {
        body((y - 2 * row + 1) * 3 + x - 2 * column + 1, row * outputWidth + column)
      }
    }
  }
}
