import Compute

/// A linear layer on all numbers of an image, and the rectifier behind it.
final class LinearLayer: Layer {
  private let linear: Linear
  private let rectifies: Bool
  private let input: TensorView
  private let output: TensorView
  private let context: ExecutionContext

  init(
    _ linear: Linear, rectifies: Bool, input: TensorView, output: TensorView,
    context: ExecutionContext
  ) {
    self.linear = linear
    self.rectifies = rectifies
    self.input = input
    self.output = output
    self.context = context
  }

  var parameters: [NetworkParameter] { linear.parameters }

  func forward(images: Int, _ pass: ForwardPass) {
    linear.forward(rows: images, input: input.pointer, output: output.pointer)
    guard rectifies else { return }
    TensorView.forEachRange(of: images, pool: context.pool) { range in
      for index in (range.lowerBound * linear.outputs)..<(range.upperBound * linear.outputs)
      where output.pointer[index] < 0 {
        output.pointer[index] = 0
      }
    }
  }

  func backward(images: Int, _ gradients: LayerGradients) {
    let gradient = gradients.output.pointer
    if rectifies { output.gate(gradient, rows: images, pool: context.pool) }
    let target = gradients.inputs[0]
    linear.backward(
      rows: images, input: input.pointer, outputGradient: gradient,
      inputGradient: target?.view.pointer, accumulates: target?.accumulates ?? false,
      needsParameters: gradients.needsParameters)
  }
}
