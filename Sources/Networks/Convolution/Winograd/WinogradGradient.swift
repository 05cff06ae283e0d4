import Compute

/// The gradient of a convolution's weights by F(4x4, 3x3): Gᵀ·[Σ (Bᵀ·d·B) ∘ (A·y·Aᵀ)]·G, the sum over
/// all tiles.
///
/// With few channels every task sums tiles of its own in blocks that stay in the second-level
/// cache, and the tasks' sums are added up at the end. With more, these sums are too large: then
/// all tasks transform the tiles of a large block together and afterwards take a plane each.
struct WinogradGradient {
  private let tiles: WinogradTiles
  let planes: WinogradPlanes
  let packing: WinogradWeights
  let splitsPlanes: Bool

  /// Inputs times outputs from which on planes are split.
  private static let manyChannels = 64 * 64
  /// Sums side by side when planes are not split.
  private static let partCount = 16

  init(_ tiles: WinogradTiles, batch: Int) {
    self.tiles = tiles
    packing = WinogradWeights(inputs: tiles.inputChannels, outputs: tiles.outputChannels)
    splitsPlanes = tiles.inputChannels * tiles.outputChannels >= Self.manyChannels
    planes = splitsPlanes ? .shared(tiles, batch: batch) : .inCache(tiles)
  }

  var commonCount: Int {
    splitsPlanes ? packing.gradientCount + planes.count : Self.partCount * packing.gradientCount
  }
  var scratchCount: Int { tiles.bandCount + (splitsPlanes ? 0 : planes.count) }

  func run(
    images: Int, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, context: ExecutionContext
  ) {
    let total = images * tiles.perImage
    let sums = context.commonScratch
    if splitsPlanes {
      let blocks = Blocks(total, ofAtMost: planes.tiles)
      for block in 0..<blocks.blockCount {
        addByPlanes(
          blocks[block], input: input, outputGradient: outputGradient, to: sums,
          isFirst: block == 0, context: context)
      }
      packing.transformGradient(sums, parts: 1, into: weightGradient, pool: context.pool)
      return
    }
    let parts = parts(ofTiles: total)
    context.pool.run(parts.blockCount) { part, worker in
      let blocks = Blocks(parts[part].count, ofAtMost: planes.tiles)
      let scratch = context.scratch(of: worker)
      for block in 0..<blocks.blockCount {
        let start = parts[part].lowerBound
        let range = (start + blocks[block].lowerBound)..<(start + blocks[block].upperBound)
        transform(
          range, input: input, outputGradient: outputGradient, into: scratch,
          pixels: scratch + planes.count)
        addProducts(of: scratch, count: range.count, to: sums, part: part, isFirst: block == 0)
      }
    }
    packing.transformGradient(
      sums, parts: parts.blockCount, into: weightGradient, pool: context.pool)
  }

  /// The tiles of each task where planes are not split.
  func parts(ofTiles total: Int) -> Blocks {
    Blocks(total, ofAtMost: max(planes.tiles, (total + Self.partCount - 1) / Self.partCount))
  }

  /// Adds what the tiles of a block contribute to the sums of a task.
  func addProducts(
    of block: UnsafeMutablePointer<Float>, count: Int, to sums: UnsafeMutablePointer<Float>, part: Int,
    isFirst: Bool
  ) {
    for plane in 0..<36 {
      multiply(
        plane, of: block, count: count, into: sums + part * packing.gradientCount,
        rows: 0..<packing.inputs, accumulates: !isFirst)
    }
  }

  private func addByPlanes(
    _ range: Range<Int>, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    to sums: UnsafeMutablePointer<Float>, isFirst: Bool, context: ExecutionContext
  ) {
    let common = sums + packing.gradientCount
    let blocks = Blocks(range.count, ofAtMost: 8)
    context.pool.run(blocks.blockCount) { block, worker in
      let start = blocks[block].lowerBound
      transform(
        (range.lowerBound + start)..<(range.lowerBound + blocks[block].upperBound), input: input,
        outputGradient: outputGradient, into: common, at: start,
        pixels: context.scratch(of: worker))
    }
    let rows = Blocks(packing.inputs, ofAtMost: 128)
    context.pool.run(36 * rows.blockCount) { task, _ in
      let (plane, block) = task.quotientAndRemainder(dividingBy: rows.blockCount)
      // Whole groups of sixteen rows, as a product takes.
      let first = rows[block].lowerBound & ~15
      let last = block == rows.blockCount - 1 ? packing.inputs : rows[block].upperBound & ~15
      multiply(
        plane, of: common, count: range.count, into: sums, rows: first..<last,
        accumulates: !isFirst)
    }
  }

  /// Transforms inputs and output gradients of some tiles, which become tiles `start`… of a block.
  private func transform(
    _ range: Range<Int>, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    into block: UnsafeMutablePointer<Float>, at start: Int = 0, pixels: UnsafeMutablePointer<Float>
  ) {
    tiles.transformInputs(
      range, of: input, into: block + start * tiles.inputRowStride,
      planeStride: planes.inputStride, pixels: pixels)
    tiles.transformOutputGradients(
      range, of: outputGradient, into: planes.outputs(block) + start * tiles.outputRowStride,
      planeStride: planes.outputStride, pixels: pixels)
  }

  /// Σ over the tiles of one plane of input · gradient, for some of the inputs.
  private func multiply(
    _ plane: Int, of block: UnsafeMutablePointer<Float>, count: Int,
    into sums: UnsafeMutablePointer<Float>, rows: Range<Int>, accumulates: Bool
  ) {
    let (strideA, strideB) = (tiles.inputRowStride, tiles.outputRowStride)
    let a = block + plane * planes.inputStride
    let b = planes.outputs(block) + plane * planes.outputStride
    let c = sums + plane * packing.gradientPlaneStride
    let outputs = packing.paddedOutputs
    let sum = PanelProduct.Sum(inner: count)
    for column in stride(from: 0, to: outputs, by: PanelProduct.width) {
      if packing.panelWidth(at: column) == 32 {
        for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 8) {
          PanelProduct.multiplyTransposed32(
            sum, a + row, stride: strideA, b + column, stride: strideB,
            into: c + (row * outputs + column), stride: outputs, accumulates: accumulates)
        }
      } else {
        for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 16) {
          PanelProduct.multiplyTransposed16(
            sum, a + row, stride: strideA, b + column, stride: strideB,
            into: c + (row * outputs + column), stride: outputs, accumulates: accumulates)
        }
      }
    }
  }
}
