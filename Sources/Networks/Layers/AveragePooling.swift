import Compute

/// Means over windows: those of a fixed size, whose padding counts as zeros, or those that divide the map as
/// evenly as they can.
///
/// Input `[images, height, width, channels]`; rows of input and output may be any distance apart.
final class AveragePooling: Layer {
  private let rows: [Range<Int>]
  private let columns: [Range<Int>]
  /// What a sum is divided by; the number of pixels in the window where `nil`.
  private let divisor: Int?
  private let input: TensorView
  private let output: TensorView
  private let context: ExecutionContext

  private static let imagesPerTask = 8

  /// - Parameter window: `nil` for windows that divide the map.
  init(_ window: Operation.Window?, input: TensorView, output: TensorView, context: ExecutionContext) {
    self.input = input
    self.output = output
    self.context = context
    func windows(over size: Int, count: Int) -> [Range<Int>] {
      (0..<count).map { index in
        guard let window else {
          return (index * size / count)..<(((index + 1) * size + count - 1) / count)
        }
        let start = index * window.stride - window.padding
        return max(start, 0)..<min(start + window.kernel, size)
      }
    }
    rows = windows(over: input.shape.height, count: output.shape.height)
    columns = windows(over: input.shape.width, count: output.shape.width)
    divisor = window.map { $0.kernel * $0.kernel }
  }

  /// Calls `body` for every output of an image with the places of output and window.
  @inline(__always)
  private func forEachOutput(
    _ body: (_ pixel: Int, _ rows: Range<Int>, _ columns: Range<Int>, _ factor: Float) -> Void
  ) {
    for (y, rows) in rows.enumerated() {
      for (x, columns) in columns.enumerated() {
        body(
          y * self.columns.count + x, rows, columns,
          1 / Float(divisor ?? rows.count * columns.count))
      }
    }
  }

  func forward(images: Int, _ pass: ForwardPass) {
    let channels = input.shape.channels
    let blocks = Blocks(images, ofAtMost: Self.imagesPerTask)
    context.pool.run(blocks.blockCount) { block, _ in
      for image in blocks[block] {
        let source = input.pointer + image * input.shape.pixels * input.stride
        let result = output.pointer + image * output.shape.pixels * output.stride
        forEachOutput { pixel, rows, columns, factor in
          func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
            var sum = Lanes(repeating: 0)
            for y in rows {
              for x in columns {
                sum = sum + Lanes(at: source + ((y * input.shape.width + x) * input.stride + c))
              }
            }
            (sum * Lanes(repeating: factor)).store(at: result + (pixel * output.stride + c))
          }
          forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
        }
      }
    }
  }

  func backward(images: Int, _ gradients: LayerGradients) {
    guard let target = gradients.inputs[0] else { return }
    let channels = input.shape.channels
    let (view, gradient) = (target.view, gradients.output)
    let blocks = Blocks(images, ofAtMost: Self.imagesPerTask)
    context.pool.run(blocks.blockCount) { block, _ in
      for image in blocks[block] {
        let destination = view.pointer + image * input.shape.pixels * view.stride
        let source = gradient.pointer + image * output.shape.pixels * gradient.stride
        if !target.accumulates {
          for pixel in 0..<input.shape.pixels {
            (destination + pixel * view.stride).update(repeating: 0, count: channels)
          }
        }
        forEachOutput { pixel, rows, columns, factor in
          func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
            let share =
              Lanes(at: source + (pixel * gradient.stride + c)) * Lanes(repeating: factor)
            for y in rows {
              for x in columns {
                let place = destination + ((y * input.shape.width + x) * view.stride + c)
                (Lanes(at: place) + share).store(at: place)
              }
            }
          }
          forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
        }
      }
    }
  }
}
