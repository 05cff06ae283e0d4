import Compute

/// Every pixel repeated in a square: nearest upsampling.
///
/// Rows of input and output may be any distance apart.
final class UpsamplingLayer: Layer {
  private let factor: Int
  private let input: TensorView
  private let output: TensorView
  private let context: ExecutionContext

  init(factor: Int, input: TensorView, output: TensorView, context: ExecutionContext) {
    self.factor = factor
    self.input = input
    self.output = output
    self.context = context
  }

  func forward(images: Int, _ pass: ForwardPass) {
    let shape = output.shape
    TensorView.forEachRange(of: output.rows(images), pool: context.pool) { range in
      for row in range {
        let (line, x) = row.quotientAndRemainder(dividingBy: shape.width)
        let (image, y) = line.quotientAndRemainder(dividingBy: shape.height)
        let pixel = (image * input.shape.height + y / factor) * input.shape.width + x / factor
        (output.pointer + row * output.stride).update(
          from: input.pointer + pixel * input.stride, count: shape.channels)
      }
    }
  }

  func backward(images: Int, _ gradients: LayerGradients) {
    guard let target = gradients.inputs[0] else { return }
    let (shape, gradient) = (input.shape, gradients.output)
    TensorView.forEachRange(of: input.rows(images), pool: context.pool) { range in
      for row in range {
        let (line, x) = row.quotientAndRemainder(dividingBy: shape.width)
        let (image, y) = line.quotientAndRemainder(dividingBy: shape.height)
        let place = target.view.pointer + row * target.view.stride
        func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
          var sum = target.accumulates ? Lanes(at: place + c) : Lanes(repeating: 0)
          for i in 0..<factor {
            for j in 0..<factor {
              let pixel =
                (image * output.shape.height + factor * y + i) * output.shape.width + factor * x + j
              sum = sum + Lanes(at: gradient.pointer + (pixel * gradient.stride + c))
            }
          }
          sum.store(at: place + c)
        }
        forEachLanes(shape.channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      }
    }
  }
}

/// A border of zeros around a map.
final class PaddingLayer: Layer {
  private let top: Int
  private let left: Int
  private let input: TensorView
  private let output: TensorView
  private let context: ExecutionContext

  init(top: Int, left: Int, input: TensorView, output: TensorView, context: ExecutionContext) {
    self.top = top
    self.left = left
    self.input = input
    self.output = output
    self.context = context
  }

  /// The pixel of the output that one of the input goes to.
  @inline(__always)
  private func place(of row: Int) -> Int {
    let (line, x) = row.quotientAndRemainder(dividingBy: input.shape.width)
    let (image, y) = line.quotientAndRemainder(dividingBy: input.shape.height)
    return (image * output.shape.height + y + top) * output.shape.width + x + left
  }

  func forward(images: Int, _ pass: ForwardPass) {
    output.clear(rows: output.rows(images), pool: context.pool)
    TensorView.forEachRange(of: input.rows(images), pool: context.pool) { range in
      for row in range {
        (output.pointer + place(of: row) * output.stride).update(
          from: input.pointer + row * input.stride, count: input.shape.channels)
      }
    }
  }

  func backward(images: Int, _ gradients: LayerGradients) {
    guard let target = gradients.inputs[0] else { return }
    TensorView.forEachRange(of: input.rows(images), pool: context.pool) { range in
      for row in range {
        let source = gradients.output.pointer + place(of: row) * gradients.output.stride
        let destination = target.view.pointer + row * target.view.stride
        for c in 0..<input.shape.channels {
          destination[c] = target.accumulates ? destination[c] + source[c] : source[c]
        }
      }
    }
  }
}
