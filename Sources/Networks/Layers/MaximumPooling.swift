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
  /// For every output number the tap of the window that it came from. As floating-point numbers, which are
  /// compared sixteen at a time: vectors of bytes would be widened one by one. `nil` where no backward pass
  /// follows.
  private let winners: UnsafeMutablePointer<Float>?
  /// The windows that each line and each column of the input is in. Known beforehand: a division for every pixel
  /// would take longer than the pixel.
  private let lineWindows: [Range<Int>]
  private let columnWindows: [Range<Int>]

  private static let linesPerTask = 8

  init(
    _ window: Operation.Window, input: TensorView, output: TensorView, capacity: Int,
    context: ExecutionContext, for use: NetworkUse
  ) {
    self.window = window
    self.input = input
    self.output = output
    self.context = context
    let count = capacity * output.shape.count
    winners = use == .inference ? nil : .allocate(capacity: count)
    winners?.initialize(repeating: 0, count: count)
    lineWindows = Self.windows(window, over: input.shape.height, count: output.shape.height)
    columnWindows = Self.windows(window, over: input.shape.width, count: output.shape.width)
  }

  private static func windows(_ window: Operation.Window, over size: Int, count: Int) -> [Range<Int>] {
    (0..<size).map { place in
      let padded = place + window.padding
      // The first window that reaches so far, and the last that begins here or before.
      let first = max((padded - window.kernel + window.stride) / window.stride, 0)
      return first..<max(min(padded / window.stride + 1, count), first)
    }
  }

  deinit { winners?.deallocate() }

  func forward(images: Int, _ pass: ForwardPass) {
    let (height, width, channels) = (output.shape.height, output.shape.width, output.shape.channels)
    let blocks = Blocks(images * height, ofAtMost: Self.linesPerTask)
    context.pool.run(blocks.blockCount) { block, _ in
      for line in blocks[block] {
        let (image, row) = line.quotientAndRemainder(dividingBy: height)
        let source = input.pointer + image * input.shape.pixels * input.stride
        for column in 0..<width {
          let pixel = line * width + column
          let result = output.pointer + pixel * output.stride
          let winner = winners.map { $0 + pixel * channels }
          forEachLanes(channels) { c in
            poolSixteen(row, column, source + c, into: result + c, winner.map { $0 + c })
          } one: { c in
            poolOne(row, column, source + c, into: result + c, winner.map { $0 + c })
          }
        }
      }
    }
  }

  @inline(__always)
  private func poolSixteen(
    _ row: Int, _ column: Int, _ image: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, _ winner: UnsafeMutablePointer<Float>?
  ) {
    var best = SIMD16<Float>(repeating: -.infinity)
    var bestTap = SIMD16<Float>(repeating: 0)
    forEachTap(row, column) { tap, pixel in
      let value = SIMD16<Float>(at: image + pixel * input.stride)
      let isBetter = (value .> best) .| (value .!= value)
      best.replace(with: value, where: isBetter)
      bestTap.replace(with: Float(tap), where: isBetter)
    }
    best.store(at: result)
    if let winner { bestTap.store(at: winner) }
  }

  @inline(__always)
  private func poolOne(
    _ row: Int, _ column: Int, _ image: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, _ winner: UnsafeMutablePointer<Float>?
  ) {
    var (best, bestTap) = (-Float.infinity, 0)
    forEachTap(row, column) { tap, pixel in
      let value = image[pixel * input.stride]
      if value > best || value.isNaN { (best, bestTap) = (value, tap) }
    }
    result.pointee = best
    winner?.pointee = Float(bestTap)
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

  /// Gives each input the gradients of the outputs that it won: windows overlap, so that there may be
  /// several, which are added in the order of the windows.
  func backward(images: Int, _ gradients: LayerGradients) {
    guard let target = gradients.inputs[0], let winners else { return }
    let (height, width, channels) = (input.shape.height, input.shape.width, input.shape.channels)
    let blocks = Blocks(images * height, ofAtMost: Self.linesPerTask)
    context.pool.run(blocks.blockCount) { block, _ in
      for line in blocks[block] {
        let (image, row) = line.quotientAndRemainder(dividingBy: height)
        let lines = lineWindows[row]
        for column in 0..<width {
          let columns = columnWindows[column]
          let place = target.view.pointer + (line * width + column) * target.view.stride
          forEachLanes(channels) { c in
            var sum = target.accumulates ? SIMD16<Float>(at: place + c) : SIMD16<Float>(repeating: 0)
            forEachWindow(row, column, lines, columns) { tap, window in
              let pixel = image * output.shape.pixels + window
              let value = SIMD16<Float>(at: gradients.output.pointer + (pixel * gradients.output.stride + c))
              let winner = SIMD16<Float>(at: winners + (pixel * channels + c))
              sum += value.replacing(with: 0, where: winner .!= Float(tap))
            }
            sum.store(at: place + c)
          } one: { c in
            var sum = target.accumulates ? place[c] : 0
            forEachWindow(row, column, lines, columns) { tap, window in
              let pixel = image * output.shape.pixels + window
              if winners[pixel * channels + c] == Float(tap) {
                sum += gradients.output.pointer[pixel * gradients.output.stride + c]
              }
            }
            place[c] = sum
          }
        }
      }
    }
  }

  /// The outputs whose windows an input pixel is in, with the tap that it is there.
  @inline(__always)
  private func forEachWindow(
    _ row: Int, _ column: Int, _ lines: Range<Int>, _ columns: Range<Int>,
    _ body: (_ tap: Int, _ window: Int) -> Void
  ) {
    let (y, x) = (row + window.padding, column + window.padding)
    for r in lines {
      for c in columns {
        body(
          (y - r * window.stride) * window.kernel + x - c * window.stride, r * output.shape.width + c)
      }
    }
  }
}
