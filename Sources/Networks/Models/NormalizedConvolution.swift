import Compute

/// A convolution without bias and the batch normalisation, residual sum and rectifier behind it.
final class NormalizedConvolution {
  let weight: NetworkParameter
  let normalization: BatchNormalization
  let shape: ConvolutionShape
  private let algorithm: any ConvolutionAlgorithm
  /// What the convolution gave, before normalisation; the backward pass needs it.
  private let convolved: FloatBuffer

  init(
    convolutionName: String, normalizationName: String, shape: ConvolutionShape,
    context: ExecutionContext
  ) {
    self.shape = shape
    weight = NetworkParameter(
      name: convolutionName + ".weight",
      storedShape: [shape.outputChannels, shape.inputChannels, shape.kernel, shape.kernel],
      layout: .convolution)
    let pixels = shape.batch * shape.outputHeight * shape.outputWidth
    normalization = BatchNormalization(
      name: normalizationName, channels: shape.outputChannels, maximumRows: pixels,
      context: context)
    algorithm = shape.makeAlgorithm(in: context)
    convolved = FloatBuffer(count: pixels * shape.outputChannels)
  }

  var parameters: [NetworkParameter] { [weight, normalization.scale, normalization.shift] }

  /// Numbers in an output of the full batch.
  var outputCount: Int { convolved.count }

  private func rows(_ images: Int) -> Int { images * shape.outputHeight * shape.outputWidth }

  /// `output` may be `residual`.
  func forward(
    images: Int, input: UnsafePointer<Float>, residual: UnsafePointer<Float>? = nil,
    output: UnsafeMutablePointer<Float>, rectifies: Bool, mode: NetworkMode
  ) {
    let step: OutputStep =
      mode.usesBatchStatistics
      ? .measure(normalization.moments)
      : .normalize(
        normalization.evaluationLine(residual: residual, output: output, rectifies: rectifies))
    algorithm.forward(
      images: images, input: input, weights: weight.values.pointer, output: convolved.pointer,
      step: step)
    if mode.usesBatchStatistics {
      normalization.normalizeByMoments(
        rows: rows(images), input: convolved.pointer, residual: residual, output: output,
        rectifies: rectifies, updatesStatistics: mode.updatesStatistics)
    }
  }

  /// From the gradient of the output to that of the convolution's result, in `convolvedGradient`.
  func backwardThroughNormalization(
    images: Int, output: UnsafePointer<Float>?, outputGradient: UnsafeMutablePointer<Float>,
    convolvedGradient: UnsafeMutablePointer<Float>
  ) {
    normalization.backward(
      rows: rows(images), input: convolved.pointer, output: output, outputGradient: outputGradient,
      inputGradient: convolvedGradient)
  }

  func backwardToWeights(
    images: Int, input: UnsafePointer<Float>, convolvedGradient: UnsafePointer<Float>
  ) {
    algorithm.backwardToWeights(
      images: images, input: input, outputGradient: convolvedGradient,
      weightGradient: weight.gradient.pointer)
  }

  func backwardToInput(
    images: Int, convolvedGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, addsToInput: Bool
  ) {
    algorithm.backwardToInput(
      images: images, outputGradient: convolvedGradient, weights: weight.values.pointer,
      inputGradient: inputGradient, accumulate: addsToInput)
  }
}
