import Compute

/// One convolution by F(4x4, 3x3): the forward pass, or the backward one to the input with the
/// kernels flipped and transposed.
///
/// With few channels, tiles are taken in blocks whose transformed inputs and products stay in the
/// second-level cache, and all kernels are transformed beforehand. With many, it is the transformed
/// kernels that are large: then the products of a large block of tiles are split by plane and
/// panel, and each task transforms the kernels that it alone needs.
struct WinogradPass {
  private let tiles: WinogradTiles
  private let planes: WinogradPlanes
  let packing: WinogradWeights
  let splitsPlanes: Bool

  /// Inputs times outputs from which on planes are split.
  private static let manyChannels = 256 * 256

  init(_ tiles: WinogradTiles, batch: Int) {
    self.tiles = tiles
    packing = WinogradWeights(inputs: tiles.inputChannels, outputs: tiles.outputChannels)
    splitsPlanes = tiles.inputChannels * tiles.outputChannels >= Self.manyChannels
    planes = splitsPlanes ? .shared(tiles, batch: batch) : .inCache(tiles)
  }

  var commonCount: Int { splitsPlanes ? planes.count : packing.count }
  var scratchCount: Int { splitsPlanes ? max(tiles.bandCount, packing.slabCount) : planes.count + tiles.bandCount }

  /// Where the results go.
  enum Destination {
    /// They are added to the output.
    case sum
    /// They are written to the output, or what the step says.
    case step(OutputStep)
  }

  /// - Parameter common: room for `commonCount` numbers.
  func run(
    images: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, destination: Destination, common: UnsafeMutablePointer<Float>,
    context: ExecutionContext
  ) {
    let blocks = Blocks(images * tiles.perImage, ofAtMost: planes.tiles)
    if splitsPlanes {
      let raw: Destination = if case .sum = destination { .sum } else { .step(.none) }
      for block in 0..<blocks.blockCount {
        runByPlanes(
          blocks[block], input: input, weights: weights, output: output, destination: raw,
          common: common, context: context)
      }
      if case .step(let step) = destination {
        step.apply(
          toAll: images * tiles.outputHeight * tiles.outputWidth, of: output,
          channels: tiles.outputChannels, pool: context.pool)
      }
      return
    }
    packing.transform(weights, into: common, pool: context.pool)
    if case .step(let step) = destination { step.prepare(parts: blocks.blockCount) }
    context.pool.run(blocks.blockCount) { block, worker in
      let scratch = context.scratch(of: worker)
      let products = planes.outputs(scratch)
      let range = blocks[block]
      tiles.transformInputs(
        range, of: input, into: scratch, planeStride: planes.inputStride,
        pixels: scratch + planes.count)
      for plane in 0..<36 {
        multiply(
          scratch + plane * planes.inputStride, rows: range.count,
          byPlane: common + plane * packing.planeStride, into: products + plane * planes.outputStride)
      }
      tiles.transformOutputs(
        range, of: products, planeStride: planes.outputStride, into: output,
        destination: destination, part: block, pixels: scratch + planes.count)
    }
  }

  private func runByPlanes(
    _ range: Range<Int>, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, destination: Destination, common: UnsafeMutablePointer<Float>,
    context: ExecutionContext
  ) {
    let products = planes.outputs(common)
    let blocks = Blocks(range.count, ofAtMost: 8)
    context.pool.run(blocks.blockCount) { block, worker in
      let start = blocks[block].lowerBound
      tiles.transformInputs(
        (range.lowerBound + start)..<(range.lowerBound + blocks[block].upperBound), of: input,
        into: common + start * tiles.inputRowStride, planeStride: planes.inputStride,
        pixels: context.scratch(of: worker))
    }
    // A task has a panel of a row of six planes.
    let panels = (packing.paddedOutputs + PanelProduct.width - 1) / PanelProduct.width
    context.pool.run(6 * panels) { task, worker in
      let (row, panel) = task.quotientAndRemainder(dividingBy: panels)
      let column = panel * PanelProduct.width
      let slab = context.scratch(of: worker)
      packing.transform(weights, row: row, column: column, into: slab)
      for index in 0..<6 {
        let plane = 6 * row + index
        multiply(
          common + plane * planes.inputStride, rows: range.count,
          by: slab + index * packing.slabStride, column: column,
          into: products + plane * planes.outputStride)
      }
    }
    context.pool.run(blocks.blockCount) { block, worker in
      let start = blocks[block].lowerBound
      tiles.transformOutputs(
        (range.lowerBound + start)..<(range.lowerBound + blocks[block].upperBound),
        of: products + start * tiles.outputRowStride, planeStride: planes.outputStride,
        into: output, destination: destination, part: 0, pixels: context.scratch(of: worker))
    }
  }

  /// Products of some tiles of one plane with all panels of the plane.
  func multiply(
    _ a: UnsafePointer<Float>, rows: Int, byPlane panels: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>
  ) {
    for column in stride(from: 0, to: packing.paddedOutputs, by: PanelProduct.width) {
      multiply(a, rows: rows, by: panels + column * packing.inputs, column: column, into: c)
    }
  }

  /// Products of some tiles of one plane with one panel.
  private func multiply(
    _ a: UnsafePointer<Float>, rows: Int, by panel: UnsafePointer<Float>, column: Int,
    into c: UnsafeMutablePointer<Float>
  ) {
    let (strideA, strideC) = (tiles.inputRowStride, tiles.outputRowStride)
    let sum = PanelProduct.Sum(inner: packing.inputs)
    if packing.panelWidth(at: column) == 32 {
      for row in stride(from: 0, to: rows, by: 8) {
        let (start, place) = (a + row * strideA, c + row * strideC + column)
        PanelProduct.multiply32(
          sum, start, start + 4 * strideA, stride: strideA, panel, into: place,
          place + 4 * strideC, stride: strideC, accumulates: false)
      }
    } else {
      for row in stride(from: 0, to: rows, by: 16) {
        let (start, place) = (a + row * strideA, c + row * strideC + column)
        PanelProduct.multiply16(
          sum, start, start + 4 * strideA, start + 8 * strideA, start + 12 * strideA,
          stride: strideA, panel, into: place, place + 4 * strideC, place + 8 * strideC,
          place + 12 * strideC, stride: strideC, accumulates: false)
      }
    }
  }
}
