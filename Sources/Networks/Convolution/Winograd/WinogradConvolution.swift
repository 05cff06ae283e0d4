import Compute

/// A 3x3 convolution of stride 1 by Winograd's F(4x4, 3x3) in all three passes.
package final class WinogradConvolution: ConvolutionAlgorithm {
  package let shape: ConvolutionShape
  private let context: ExecutionContext
  private let forwardPass: WinogradPass
  /// The backward pass to the input is a convolution of the output's gradient.
  private let backwardPass: WinogradPass
  private let gradientPass: WinogradGradient
  package let jointBackward: (any JointBackward)?

  package init(shape: ConvolutionShape, context: ExecutionContext) {
    precondition(Self.canCompute(shape))
    self.shape = shape
    self.context = context
    let tiles = WinogradTiles(
      inputHeight: shape.inputHeight, inputWidth: shape.inputWidth,
      inputChannels: shape.inputChannels, outputChannels: shape.outputChannels,
      padding: shape.padding)
    let backwardTiles = WinogradTiles(
      inputHeight: shape.outputHeight, inputWidth: shape.outputWidth,
      inputChannels: shape.outputChannels, outputChannels: shape.inputChannels,
      padding: 2 - shape.padding)
    forwardPass = WinogradPass(tiles, batch: shape.batch)
    backwardPass = WinogradPass(backwardTiles, batch: shape.batch)
    gradientPass = WinogradGradient(tiles, batch: shape.batch)
    jointBackward = WinogradBackward(
      shape, tiles: tiles, backwardTiles: backwardTiles, pass: backwardPass, gradientPass: gradientPass,
      context: context)
    context.reserveCommonScratch(
      max(
        forwardPass.commonCount, shape.weightCount + backwardPass.commonCount,
        gradientPass.commonCount))
    context.reserveScratch(
      max(forwardPass.scratchCount, backwardPass.scratchCount, gradientPass.scratchCount))
  }

  package static func canCompute(_ shape: ConvolutionShape) -> Bool {
    shape.kernel == 3 && shape.stride == 1 && shape.padding <= 2 && shape.outputHeight > 0
      && shape.outputWidth > 0
  }

  package func forward(
    images: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, step: OutputStep
  ) {
    forwardPass.run(
      images: images, input: input, weights: weights, output: output, destination: .step(step),
      common: context.commonScratch, context: context)
  }

  package func backwardToInput(
    images: Int, outputGradient: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let flipped = context.commonScratch
    KernelTransposition.flip(
      weights, taps: 9, inputs: shape.inputChannels, outputs: shape.outputChannels, into: flipped,
      pool: context.pool)
    backwardPass.run(
      images: images, input: outputGradient, weights: flipped, output: inputGradient,
      destination: accumulate ? .sum : .step(.none), common: flipped + shape.weightCount, context: context)
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
