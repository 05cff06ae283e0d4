/// A way to compute a convolution of one shape: the seam behind which faster ones are put.
///
/// Tensors: input `[images, inputHeight, inputWidth, inputChannels]`, output
/// `[images, outputHeight, outputWidth, outputChannels]`, weights
/// `[kernel, kernel, inputChannels, outputChannels]`, all contiguous. `images` is at most the
/// shape's batch. The bits of a result depend on the operands and `images` alone, not on the threads.
public protocol ConvolutionAlgorithm: AnyObject {
  var shape: ConvolutionShape { get }

  /// Computes the output.
  func forward(
    images: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>)

  /// Computes the gradient with respect to the input, or adds it to what is there.
  func backwardToInput(
    images: Int, outputGradient: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, accumulate: Bool)

  /// Computes the gradient with respect to the weights.
  func backwardToWeights(
    images: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>)
}

extension ConvolutionShape {
  /// The algorithm for this shape.
  public func makeAlgorithm(in context: ExecutionContext) -> any ConvolutionAlgorithm {
    if WinogradConvolution.canCompute(self) && min(inputChannels, outputChannels) >= 16 {
      return WinogradConvolution(shape: self, context: context)
    }
    return DirectConvolution(shape: self, context: context)
  }
}
