import Compute

/// A convolution of any shape, computed as it is defined, by products of pixels with panels of
/// kernels.
///
/// A strip of the source is copied into padded lines, in which the inputs of a pixel for one line of
/// the kernel are adjacent: rows of a matrix that overlap. So nothing is copied more than once, as
/// it is in im2col, and all pixels are treated alike.
package final class DirectConvolution: ConvolutionAlgorithm {
  package let shape: ConvolutionShape
  private let context: ExecutionContext
  private let forwardPass: StripPass
  private let backwardPass: StripPass
  private let gradientPass: StripGradient

  package init(shape: ConvolutionShape, context: ExecutionContext) {
    self.shape = shape
    self.context = context
    func panels(isTransposed: Bool) -> KernelPanels {
      KernelPanels(
        inputs: shape.inputChannels, outputs: shape.outputChannels, isTransposed: isTransposed)
    }
    forwardPass = StripPass(.forward(shape), panels: panels(isTransposed: false), kernel: shape.kernel)
    backwardPass = StripPass(.backward(shape), panels: panels(isTransposed: true), kernel: shape.kernel)
    gradientPass = StripGradient(shape, strips: forwardPass.strips)
    context.reserveScratch(max(forwardPass.scratchCount, backwardPass.scratchCount))
    context.reserveCommonScratch(
      max(forwardPass.panelsCount, backwardPass.panelsCount, gradientPass.commonCount))
  }

  package func forward(
    images: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, step: OutputStep
  ) {
    forwardPass.run(
      images: images, source: input, weights: weights, result: output, accumulates: false, step: step,
      context: context)
  }

  package func backwardToInput(
    images: Int, outputGradient: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    backwardPass.run(
      images: images, source: outputGradient, weights: weights, result: inputGradient,
      accumulates: accumulate, step: .none, context: context)
  }

  package func backwardToWeights(
    images: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>
  ) {
    gradientPass.run(
      images: images, input: input, outputGradient: outputGradient,
      weightGradient: weightGradient, context: context)
  }
}
