import Compute

/// Batch normalisation that does not follow a convolution, and the rectifier behind it.
///
/// The input may be a part of a concatenation.
final class NormalizationLayer: Layer {
  let normalization: BatchNormalization?
  private let batchNormalization: BatchNormalization
  private let rectifies: Bool
  private let input: TensorView
  private let output: TensorView

  init(
    name: String, rectifies: Bool, input: TensorView, output: TensorView, capacity: Int,
    context: ExecutionContext
  ) {
    batchNormalization = BatchNormalization(
      name: name, channels: input.shape.channels, maximumRows: input.rows(capacity),
      context: context)
    normalization = batchNormalization
    self.rectifies = rectifies
    self.input = input
    self.output = output
  }

  var parameters: [NetworkParameter] { [batchNormalization.scale, batchNormalization.shift] }

  func forward(images: Int, _ pass: ForwardPass) {
    batchNormalization.forward(
      rows: input.rows(images), input: input.pointer, stride: input.stride, output: output.pointer,
      rectifies: rectifies, mode: pass.mode)
  }

  func backward(images: Int, _ gradients: LayerGradients) {
    let target = gradients.inputs[0]
    batchNormalization.backward(
      rows: input.rows(images), input: input.pointer, stride: input.stride,
      output: rectifies ? output.pointer : nil, outputGradient: gradients.output.pointer,
      inputGradient: target?.view.pointer ?? gradients.output.pointer,
      targetStride: target?.view.stride, accumulates: target?.accumulates ?? false)
  }
}
