import Compute

/// The largest value in each square window. Not-a-number wins over everything, and the first of several
/// equal ones over the others.
///
/// Input `[images, height, width, channels]`; rows of input and output may be any distance apart.
final class MaximumPooling: Layer {
  private let window: Operation.Window
  private let input: TensorView
  private let output: TensorView
  private let context: ExecutionContext
  /// For every output number the tap of the window that it came from.
  private let winners: UnsafeMutablePointer<UInt8>

  private static let linesPerTask = 8

  /// - Parameter window: of at most 256 taps.
  init(
    _ window: Operation.Window, input: TensorView, output: TensorView, capacity: Int,
    context: ExecutionContext
  ) {
    precondition(window.kernel <= 16)
    self.window = window
    self.input = input
    self.output = output
    self.context = context
    let count = capacity * output.shape.count
    winners = .allocate(capacity: count)
    winners.initialize(repeating: 0, count: count)
  }

  deinit { winners.deallocate() }

  func forward(images: Int, _ pass: ForwardPass) {
    let (height, width, channels) = (output.shape.height, output.shape.width, output.shape.channels)
    let blocks = Blocks(images * height, ofAtMost: Self.linesPerTask)
    context.pool.run(blocks.blockCount) { block, _ in
      for line in blocks[block] {
        let (image, row) = line.quotientAndRemainder(dividingBy: height)
        let source = input.pointer + image * input.shape.pixels * input.stride
        for column in 0..<width {
          let pixel = line * width + column
          let (result, winner) = (output.pointer + pixel * output.stride, winners + pixel * channels)
          forEachLanes(channels) {
            poolSixteen(row, column, source + $0, into: result + $0, winner + $0)
          } one: {
            poolOne(row, column, source + $0, into: result + $0, winner + $0)
          }
        }
      }
    }
  }

  @inline(__always)
  private func poolSixteen(
    _ row: Int, _ column: Int, _ image: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, _ winner: UnsafeMutablePointer<UInt8>
  ) {
    var best = SIMD16<Float>(repeating: -.infinity)
    var bestTap = SIMD16<Int32>(repeating: 0)
    forEachTap(row, column) { tap, pixel in
      let value = SIMD16<Float>(at: image + pixel * input.stride)
      let isBetter = (value .> best) .| (value .!= value)
      best.replace(with: value, where: isBetter)
      bestTap.replace(with: Int32(truncatingIfNeeded: tap), where: isBetter)
    }
    best.store(at: result)
    UnsafeMutableRawPointer(winner)
      .storeBytes(of: SIMD16<UInt8>(truncatingIfNeeded: bestTap), as: SIMD16<UInt8>.self)
  }

  @inline(__always)
  private func poolOne(
    _ row: Int, _ column: Int, _ image: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, _ winner: UnsafeMutablePointer<UInt8>
  ) {
    var (best, bestTap) = (-Float.infinity, 0)
    forEachTap(row, column) { tap, pixel in
      let value = image[pixel * input.stride]
      if value > best || value.isNaN { (best, bestTap) = (value, tap) }
    }
    result.pointee = best
    winner.pointee = UInt8(truncatingIfNeeded: bestTap)
  }

  /// The input pixels of an output, with their taps.
  @inline(__always)
  private func forEachTap(_ row: Int, _ column: Int, _ body: (_ tap: Int, _ pixel: Int) -> Void) {
    let (top, left) = (row * window.stride - window.padding, column * window.stride - window.padding)
    for y in max(top, 0)..<min(top + window.kernel, input.shape.height) {
      for x in max(left, 0)..<min(left + window.kernel, input.shape.width) {
        body((y - top) * window.kernel + x - left, y * input.shape.width + x)
      }
    }
  }

  /// Sends each output's gradient to the input that won, image by image: windows overlap.
  func backward(images: Int, _ gradients: LayerGradients) {
    guard let target = gradients.inputs[0] else { return }
    let (height, width, channels) = (output.shape.height, output.shape.width, output.shape.channels)
    context.pool.run(images) { image, _ in
      let destination = target.view.pointer + image * input.shape.pixels * target.view.stride
      if !target.accumulates {
        for pixel in 0..<input.shape.pixels {
          (destination + pixel * target.view.stride).update(repeating: 0, count: channels)
        }
      }
      for row in 0..<height {
        for column in 0..<width {
          let pixel = (image * height + row) * width + column
          let gradient = gradients.output.pointer + pixel * gradients.output.stride
          let winner = winners + pixel * channels
          forEachLanes(channels) { c in
            let value = SIMD16<Float>(at: gradient + c)
            let taps = SIMD16<Int32>(
              truncatingIfNeeded: UnsafeRawPointer(winner + c).loadUnaligned(as: SIMD16<UInt8>.self))
            forEachTap(row, column) { tap, pixel in
              let place = destination + (pixel * target.view.stride + c)
              let share = value.replacing(with: 0, where: taps .!= Int32(truncatingIfNeeded: tap))
              (SIMD16<Float>(at: place) + share).store(at: place)
            }
          } one: { c in
            let tap = Int(winner[c])
            let y = row * window.stride - window.padding + tap / window.kernel
            let x = column * window.stride - window.padding + tap % window.kernel
            destination[(y * input.shape.width + x) * target.view.stride + c] += gradient[c]
          }
        }
      }
    }
  }
}
