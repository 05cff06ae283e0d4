/// A way to compute a convolution of one shape: the seam behind which faster ones are put.
///
/// Tensors: input `[images, inputHeight, inputWidth, inputChannels]`, output
/// `[images, outputHeight, outputWidth, outputChannels]`, weights
/// `[kernel, kernel, inputChannels, outputChannels]`, all contiguous. `images` is at most the
/// shape's batch. The bits of a result depend on the operands and `images` alone, not on the threads.
package protocol ConvolutionAlgorithm: AnyObject {
  var shape: ConvolutionShape { get }

  /// Computes the output and does the step that follows.
  func forward(
    images: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, step: OutputStep)

  /// Computes the gradient with respect to the input, or adds it to what is there.
  func backwardToInput(
    images: Int, outputGradient: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, accumulate: Bool)

  /// Computes the gradient with respect to the weights.
  func backwardToWeights(
    images: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>)

  /// Both backward passes at once, where that is faster.
  var jointBackward: (any JointBackward)? { get }
}

/// Both backward passes of a convolution that batch normalisation follows, with the bits that one after the other
/// has.
package protocol JointBackward {
  /// Computes the gradient with respect to the weights, and computes that with respect to the input or adds it to
  /// what is there.
  func run(
    images: Int, input: UnsafePointer<Float>, outputGradient: NormalizedGradient,
    weights: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, accumulate: Bool)
}

extension ConvolutionAlgorithm {
  package var jointBackward: (any JointBackward)? { nil }

  /// Computes the output.
  package func forward(
    images: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    forward(images: images, input: input, weights: weights, output: output, step: .none)
  }
}

extension ConvolutionShape {
  /// The fastest algorithm for this shape, as measured, unless the context wants the general one.
  ///
  /// | kernel | stride | output  | channels  | algorithm                                        |
  /// |--------|--------|---------|-----------|--------------------------------------------------|
  /// | 3x3    | 1      | ≤ 2x2   | any       | small map: four of nine taps, no transforms      |
  /// | 3x3    | 2      | ≤ 4x4   | any       | small map                                        |
  /// | 3x3    | 1      | larger  | ≥ 16      | Winograd: a quarter of the multiplications       |
  /// | all others                             | direct                                           |
  package func makeAlgorithm(in context: ExecutionContext) -> any ConvolutionAlgorithm {
    if context.convolutions == .direct { return DirectConvolution(shape: self, context: context) }
    let side = max(outputHeight, outputWidth)
    let channels = min(inputChannels, outputChannels)
    switch (kernel, stride) {
    case (3, 1) where side <= 2, (3, 2) where side <= 4:
      return SmallMapConvolution(shape: self, context: context)
    case (3, 1) where channels >= 16 && WinogradConvolution.canCompute(self):
      return WinogradConvolution(shape: self, context: context)
    default:
      return DirectConvolution(shape: self, context: context)
    }
  }
}
