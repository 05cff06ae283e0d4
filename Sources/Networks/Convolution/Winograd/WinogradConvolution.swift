import Compute

/// A 3x3 convolution of stride 1 by Winograd's F(4x4, 3x3) in all three passes.
///
/// Tiles are taken in blocks whose transformed inputs and products stay in the second-level cache.
public final class WinogradConvolution: ConvolutionAlgorithm {
  public let shape: ConvolutionShape
  private let context: ExecutionContext
  private let forwardTiles: WinogradTiles
  /// The backward pass to the input is a convolution of the output's gradient.
  private let backwardTiles: WinogradTiles

  /// Numbers in a block's transformed tiles: 640 KiB.
  private static let blockCapacity = 160 << 10
  /// Weight gradients are summed in at most this many parts side by side.
  private static let partCount = 16

  public init(shape: ConvolutionShape, context: ExecutionContext) {
    precondition(Self.canCompute(shape))
    self.shape = shape
    self.context = context
    forwardTiles = WinogradTiles(
      inputHeight: shape.inputHeight, inputWidth: shape.inputWidth,
      inputChannels: shape.inputChannels, outputChannels: shape.outputChannels,
      padding: shape.padding)
    backwardTiles = WinogradTiles(
      inputHeight: shape.outputHeight, inputWidth: shape.outputWidth,
      inputChannels: shape.outputChannels, outputChannels: shape.inputChannels,
      padding: 2 - shape.padding)
    let weights = Self.weights(of: forwardTiles)
    let transposed = Self.weights(of: backwardTiles)
    context.reserveCommonScratch(
      max(
        Self.partCount * weights.gradientCount, weights.count,
        transposed.count + shape.weightCount))
    context.reserveScratch(
      max(
        BlockLayout(forwardTiles).count, BlockLayout(backwardTiles).count))
  }

  public static func canCompute(_ shape: ConvolutionShape) -> Bool {
    shape.kernel == 3 && shape.stride == 1 && shape.padding <= 2 && shape.outputHeight > 0
      && shape.outputWidth > 0
  }

  private static func weights(of tiles: WinogradTiles) -> WinogradWeights {
    WinogradWeights(inputs: tiles.inputChannels, outputs: tiles.outputChannels)
  }

  /// Where a worker's scratch memory holds the transformed tiles of a block.
  private struct BlockLayout {
    let tiles: Int
    let inputStride: Int
    let outputStride: Int
    let patchCount: Int

    init(_ geometry: WinogradTiles) {
      let outputs = (geometry.outputChannels + 15) & ~15
      let perTile = 36 * (geometry.inputChannels + outputs)
      tiles = max(16, min(128, WinogradConvolution.blockCapacity / perTile & ~15))
      // Beyond the tiles, a product may read a few numbers of a row that is not there.
      inputStride = tiles * geometry.inputChannels + 80
      outputStride = tiles * outputs + 80
      patchCount = geometry.patchCount
    }

    var count: Int { 36 * (inputStride + outputStride) + patchCount }
    func outputs(_ scratch: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
      scratch + 36 * inputStride
    }
    func patch(_ scratch: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
      scratch + 36 * (inputStride + outputStride)
    }
  }

  public func forward(
    images: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    convolve(
      forwardTiles, images: images, input: input, weights: weights,
      transformed: context.commonScratch, output: output, accumulates: false)
  }

  public func backwardToInput(
    images: Int, outputGradient: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let flipped = context.commonScratch
    KernelTransposition.flip(
      weights, taps: 9, inputs: shape.inputChannels, outputs: shape.outputChannels, into: flipped,
      pool: context.pool)
    convolve(
      backwardTiles, images: images, input: outputGradient, weights: flipped,
      transformed: flipped + shape.weightCount, output: inputGradient, accumulates: accumulate)
  }

  private func convolve(
    _ tiles: WinogradTiles, images: Int, input: UnsafePointer<Float>,
    weights: UnsafePointer<Float>, transformed: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>, accumulates: Bool
  ) {
    let packing = Self.weights(of: tiles)
    packing.transform(weights, into: transformed, pool: context.pool)
    let layout = BlockLayout(tiles)
    let blocks = Blocks(images * tiles.perImage, ofAtMost: layout.tiles)
    context.pool.run(blocks.blockCount) { block, worker in
      let scratch = context.scratch(of: worker)
      let products = layout.outputs(scratch)
      let range = blocks[block]
      tiles.transformInputs(
        range, of: input, into: scratch, planeStride: layout.inputStride,
        patch: layout.patch(scratch))
      for plane in 0..<36 {
        multiply(
          scratch + plane * layout.inputStride, rows: range.count,
          by: transformed + plane * packing.planeStride, packing: packing,
          into: products + plane * layout.outputStride)
      }
      tiles.transformOutputs(
        range, of: products, planeStride: layout.outputStride, rowStride: packing.paddedOutputs,
        into: output, accumulates: accumulates)
    }
  }

  /// Products of some tiles of one plane: `[rows, inputs]` by packed panels to `[rows, outputs]`.
  private func multiply(
    _ a: UnsafePointer<Float>, rows: Int, by panels: UnsafePointer<Float>,
    packing: WinogradWeights, into c: UnsafeMutablePointer<Float>
  ) {
    let (inner, outputs) = (packing.inputs, packing.paddedOutputs)
    let sum = PanelProduct.Sum(inner: inner)
    var column = 0
    while column < outputs {
      let panel = panels + column * inner
      var row = 0
      if packing.panelWidth(at: column) == 32 {
        while row < rows {
          let start = a + row * inner
          PanelProduct.multiply32(
            sum, start, start + 4 * inner, stride: inner, panel, into: c + row * outputs + column,
            stride: outputs, accumulates: false)
          row += 8
        }
      } else {
        while row < rows {
          let start = a + row * inner
          PanelProduct.multiply16(
            sum, start, start + 4 * inner, start + 8 * inner, start + 12 * inner, stride: inner,
            panel, into: c + row * outputs + column, stride: outputs, accumulates: false)
          row += 16
        }
      }
      column += 32
    }
  }

  public func backwardToWeights(
    images: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>
  ) {
    let tiles = forwardTiles
    let packing = Self.weights(of: tiles)
    let layout = BlockLayout(tiles)
    let total = images * tiles.perImage
    // Each part sums its tiles block by block.
    let parts = Blocks(total, ofAtMost: max(layout.tiles, (total + Self.partCount - 1) / Self.partCount))
    let sums = context.commonScratch
    context.pool.run(parts.blockCount) { part, worker in
      let scratch = context.scratch(of: worker)
      let gradients = layout.outputs(scratch)
      let first = parts[part].lowerBound
      let blocks = Blocks(parts[part].count, ofAtMost: layout.tiles)
      for block in 0..<blocks.blockCount {
        let range = (blocks[block].lowerBound + first)..<(blocks[block].upperBound + first)
        tiles.transformInputs(
          range, of: input, into: scratch, planeStride: layout.inputStride,
          patch: layout.patch(scratch))
        tiles.transformOutputGradients(
          range, of: outputGradient, into: gradients, planeStride: layout.outputStride,
          rowStride: packing.paddedOutputs, patch: layout.patch(scratch))
        for plane in 0..<36 {
          multiplyTransposed(
            scratch + plane * layout.inputStride, inner: range.count,
            by: gradients + plane * layout.outputStride, packing: packing,
            into: sums + part * packing.gradientCount + plane * packing.gradientPlaneStride,
            accumulates: block > 0)
        }
      }
    }
    packing.transformGradient(
      sums, parts: parts.blockCount, into: weightGradient, pool: context.pool)
  }

  /// Σ over the tiles of one plane of input · gradient: `[inner, inputs]` and `[inner, outputs]` to
  /// `[inputs, outputs]`.
  private func multiplyTransposed(
    _ a: UnsafePointer<Float>, inner: Int, by b: UnsafePointer<Float>, packing: WinogradWeights,
    into c: UnsafeMutablePointer<Float>, accumulates: Bool
  ) {
    let (rows, outputs) = (packing.inputs, packing.paddedOutputs)
    let sum = PanelProduct.Sum(inner: inner)
    var column = 0
    while column < outputs {
      let isWide = packing.panelWidth(at: column) == 32
      let height = isWide ? 8 : 16
      var row = 0
      while row < rows {
        let place = c + row * outputs + column
        if isWide {
          PanelProduct.multiplyTransposed32(
            sum, a + row, stride: rows, b + column, stride: outputs, into: place, stride: outputs,
            accumulates: accumulates)
        } else {
          PanelProduct.multiplyTransposed16(
            sum, a + row, stride: rows, b + column, stride: outputs, into: place, stride: outputs,
            accumulates: accumulates)
        }
        row += height
      }
      column += 32
    }
  }
}
