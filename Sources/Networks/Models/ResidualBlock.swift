import Compute

/// ResNet's basic block: two 3x3 convolutions and a shortcut, which is a 1x1 convolution where the
/// size changes.
final class ResidualBlock {
  let first: NormalizedConvolution
  let second: NormalizedConvolution
  let shortcut: NormalizedConvolution?
  private let middle: FloatBuffer
  let output: FloatBuffer

  init(
    name: String, batch: Int, height: Int, width: Int, inputChannels: Int, outputChannels: Int,
    stride: Int, context: ExecutionContext
  ) {
    func shape(_ height: Int, _ width: Int, _ inputs: Int, _ kernel: Int, _ stride: Int)
      -> ConvolutionShape
    {
      ConvolutionShape(
        batch: batch, inputHeight: height, inputWidth: width, inputChannels: inputs,
        outputChannels: outputChannels, kernel: kernel, stride: stride, padding: kernel / 2)
    }
    first = NormalizedConvolution(
      convolutionName: name + ".conv1", normalizationName: name + ".bn1",
      shape: shape(height, width, inputChannels, 3, stride), context: context)
    second = NormalizedConvolution(
      convolutionName: name + ".conv2", normalizationName: name + ".bn2",
      shape: shape(first.shape.outputHeight, first.shape.outputWidth, outputChannels, 3, 1),
      context: context)
    shortcut =
      stride == 1 && inputChannels == outputChannels
      ? nil
      : NormalizedConvolution(
        convolutionName: name + ".downsample.0", normalizationName: name + ".downsample.1",
        shape: shape(height, width, inputChannels, 1, stride), context: context)
    middle = FloatBuffer(count: first.outputCount)
    output = FloatBuffer(count: second.outputCount)
  }

  /// In the order of PyTorch's `state_dict`.
  var convolutions: [NormalizedConvolution] { [first, second] + (shortcut.map { [$0] } ?? []) }

  func forward(images: Int, input: UnsafePointer<Float>, mode: NetworkMode) {
    first.forward(images: images, input: input, output: middle.pointer, rectifies: true, mode: mode)
    // The shortcut's result is put where the sum will be.
    shortcut?.forward(
      images: images, input: input, output: output.pointer, rectifies: false, mode: mode)
    second.forward(
      images: images, input: middle.pointer, residual: shortcut == nil ? input : UnsafePointer(output.pointer),
      output: output.pointer, rectifies: true, mode: mode)
  }

  /// Takes the output's gradient from `gradients.current` and leaves the input's there.
  func backward(
    images: Int, input: UnsafePointer<Float>, gradients: GradientBuffers
  ) {
    let (current, spare, inner) = (gradients.current, gradients.spare(0), gradients.spare(1))
    second.backwardThroughNormalization(
      images: images, output: output.pointer, outputGradient: current, convolvedGradient: spare)
    second.backwardToWeights(
      images: images, input: middle.pointer, convolvedGradient: spare)
    second.backwardToInput(
      images: images, convolvedGradient: spare, inputGradient: inner, addsToInput: false)
    first.backwardThroughNormalization(
      images: images, output: middle.pointer, outputGradient: inner, convolvedGradient: inner)
    first.backwardToWeights(
      images: images, input: input, convolvedGradient: inner)
    guard let shortcut else {
      first.backwardToInput(
        images: images, convolvedGradient: inner, inputGradient: current, addsToInput: true)
      return
    }
    shortcut.backwardThroughNormalization(
      images: images, output: nil, outputGradient: current, convolvedGradient: spare)
    shortcut.backwardToWeights(
      images: images, input: input, convolvedGradient: spare)
    shortcut.backwardToInput(
      images: images, convolvedGradient: spare, inputGradient: current, addsToInput: false)
    first.backwardToInput(
      images: images, convolvedGradient: inner, inputGradient: current, addsToInput: true)
  }
}

/// Memory for the gradients of activations, as much as the largest activation needs, three times.
final class GradientBuffers {
  private let buffers: [FloatBuffer]

  init(count: Int) { buffers = (0..<3).map { _ in FloatBuffer(count: count) } }

  /// The gradient that goes from layer to layer.
  var current: UnsafeMutablePointer<Float> { buffers[0].pointer }

  /// Memory that nobody needs when a block is done.
  func spare(_ index: Int) -> UnsafeMutablePointer<Float> { buffers[1 + index].pointer }
}
