import Compute

/// The sum of two maps, and the rectifier behind it, where neither is a convolution that could add the other.
final class SumLayer: Layer {
  private let rectifies: Bool
  private let summands: [TensorView]
  private let output: TensorView
  private let context: ExecutionContext

  init(rectifies: Bool, summands: [TensorView], output: TensorView, context: ExecutionContext) {
    self.rectifies = rectifies
    self.summands = summands
    self.output = output
    self.context = context
  }

  func forward(images: Int, _ pass: ForwardPass) {
    let rows = output.rows(images)
    let (a, b) = (summands[0], summands[1])
    let channels = output.shape.channels
    TensorView.forEachRange(of: rows, pool: context.pool) { range in
      for row in range {
        func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
          let sum =
            Lanes(at: a.pointer + (row * a.stride + c)) + Lanes(at: b.pointer + (row * b.stride + c))
          (rectifies ? sum.rectified : sum).store(at: output.pointer + (row * channels + c))
        }
        forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      }
    }
  }

  func backward(images: Int, _ gradients: LayerGradients) {
    let rows = output.rows(images)
    if rectifies { output.gate(gradients.output.pointer, rows: rows, pool: context.pool) }
    // The shared one last: it is the output's gradient.
    for target in gradients.inputs.reversed() {
      guard let target, !target.isShared else { continue }
      target.view.take(
        gradients.output, rows: rows, accumulates: target.accumulates, pool: context.pool)
    }
  }
}

/// A value's copy in its place in a concatenation.
final class CopyLayer: Layer {
  private let input: TensorView
  private let output: TensorView
  private let context: ExecutionContext

  init(input: TensorView, output: TensorView, context: ExecutionContext) {
    self.input = input
    self.output = output
    self.context = context
  }

  func forward(images: Int, _ pass: ForwardPass) {
    output.copy(input, rows: input.rows(images), pool: context.pool)
  }

  func backward(images: Int, _ gradients: LayerGradients) {
    guard let target = gradients.inputs[0] else { return }
    target.view.take(
      gradients.output, rows: input.rows(images), accumulates: target.accumulates,
      pool: context.pool)
  }
}
