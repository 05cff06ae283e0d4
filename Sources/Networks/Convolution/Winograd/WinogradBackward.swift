import Compute

/// Both backward passes of a convolution at once, for few channels: the output's gradient is read, and brought
/// through batch normalisation, once for both, and is written nowhere.
///
/// What is added up, and in which order, is as in `WinogradPass` and `WinogradGradient`: so are the bits.
struct WinogradBackward: JointBackward {
  private let shape: ConvolutionShape
  /// From inputs to outputs.
  private let tiles: WinogradTiles
  /// From the gradient of the outputs to that of the inputs, in tiles of the same places.
  private let backwardTiles: WinogradTiles
  private let pass: WinogradPass
  private let gradientPass: WinogradGradient
  private let context: ExecutionContext
  /// From a plane to the next, of the gradients of the outputs and of the inputs.
  private let gradientStride: Int
  private let resultStride: Int

  /// Tiles whose input gradients are computed together: they leave room in the cache for what the weights'
  /// gradient needs of a larger block.
  private static let tilesAtOnce = 16
  /// The weights' gradient has sixteen tasks; with more threads, two passes of more tasks are faster.
  private static let mostThreads = 8

  /// - Returns: `nil` where two passes are better, or tiles of inputs and outputs have other places.
  init?(
    _ shape: ConvolutionShape, tiles: WinogradTiles, backwardTiles: WinogradTiles, pass: WinogradPass,
    gradientPass: WinogradGradient, context: ExecutionContext
  ) {
    guard shape.padding == 1, !gradientPass.splitsPlanes, !pass.splitsPlanes,
      context.pool.threads <= Self.mostThreads
    else { return nil }
    self.shape = shape
    self.tiles = tiles
    self.backwardTiles = backwardTiles
    self.pass = pass
    self.gradientPass = gradientPass
    self.context = context
    gradientStride = Self.tilesAtOnce * backwardTiles.inputRowStride + 80
    resultStride = Self.tilesAtOnce * backwardTiles.outputRowStride + 80
    context.reserveCommonScratch(shape.weightCount + pass.commonCount + gradientPass.commonCount)
    context.reserveScratch(gradientPass.scratchCount + 36 * (gradientStride + resultStride))
  }

  func run(
    images: Int, input: UnsafePointer<Float>, outputGradient: NormalizedGradient,
    weights: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let flipped = context.commonScratch
    let kernels = flipped + shape.weightCount
    let sums = kernels + pass.commonCount
    KernelTransposition.flip(
      weights, taps: 9, inputs: shape.inputChannels, outputs: shape.outputChannels, into: flipped,
      pool: context.pool)
    pass.packing.transform(flipped, into: kernels, pool: context.pool)
    let planes = gradientPass.planes
    let parts = gradientPass.parts(ofTiles: images * tiles.perImage)
    context.pool.run(parts.blockCount) { part, worker in
      let scratch = context.scratch(of: worker)
      let gradients = scratch + planes.count
      let results = gradients + 36 * gradientStride
      let pixels = results + 36 * resultStride
      let blocks = Blocks(parts[part].count, ofAtMost: planes.tiles)
      for block in 0..<blocks.blockCount {
        let start = parts[part].lowerBound
        let range = (start + blocks[block].lowerBound)..<(start + blocks[block].upperBound)
        for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.tilesAtOnce) {
          let some = first..<min(first + Self.tilesAtOnce, range.upperBound)
          tiles.transformOutputGradients(
            some, of: outputGradient,
            into: planes.outputs(scratch) + (first - range.lowerBound) * tiles.outputRowStride,
            planeStride: planes.outputStride, withSurroundings: gradients,
            surroundedStride: gradientStride, pixels: pixels)
          for plane in 0..<36 {
            pass.multiply(
              gradients + plane * gradientStride, rows: some.count,
              byPlane: kernels + plane * pass.packing.planeStride, into: results + plane * resultStride)
          }
          backwardTiles.transformOutputs(
            some, of: results, planeStride: resultStride, into: inputGradient,
            destination: accumulate ? .sum : .step(.none), part: 0, pixels: pixels)
        }
        tiles.transformInputs(
          range, of: input, into: scratch, planeStride: planes.inputStride, pixels: pixels)
        gradientPass.addProducts(
          of: scratch, count: range.count, to: sums, part: part, isFirst: block == 0)
      }
    }
    gradientPass.packing.transformGradient(
      sums, parts: parts.blockCount, into: weightGradient, pool: context.pool)
  }
}
