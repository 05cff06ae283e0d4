import Compute

/// The tiles of a 3x3 convolution of stride 1: squares of four by four outputs, counted line by line
/// and image by image, and the six by six inputs that each needs.
struct WinogradTiles {
  let inputHeight: Int
  let inputWidth: Int
  let inputChannels: Int
  let outputChannels: Int
  let padding: Int
  /// From a tile to the next in a transformed plane of inputs, filled up to whole vectors.
  let inputRowStride: Int
  /// The same for outputs.
  let outputRowStride: Int

  init(
    inputHeight: Int, inputWidth: Int, inputChannels: Int, outputChannels: Int, padding: Int
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.padding = padding
    inputRowStride = Self.rowStride(inputChannels)
    outputRowStride = Self.rowStride(outputChannels)
  }

  /// Rows of 512 bytes or a multiple are set apart, lest the same column of all rows falls into a
  /// few sets of the cache.
  private static func rowStride(_ channels: Int) -> Int {
    let padded = (channels + 15) & ~15
    return padded % 128 == 0 ? padded + 16 : padded
  }

  var outputHeight: Int { inputHeight + 2 * padding - 2 }
  var outputWidth: Int { inputWidth + 2 * padding - 2 }
  private var columns: Int { (outputWidth + 3) / 4 }
  var perImage: Int { (outputHeight + 3) / 4 * columns }

  /// Calls `body` for tiles next to each other with their place in the range, their image, and the
  /// first line and column of their outputs.
  @inline(__always)
  private func forEachBand(
    _ tiles: Range<Int>,
    _ body: (_ count: Int, _ place: Int, _ image: Int, _ row: Int, _ column: Int) -> Void
  ) {
    var tile = tiles.lowerBound
    while tile < tiles.upperBound {
      let (image, within) = tile.quotientAndRemainder(dividingBy: perImage)
      let (row, column) = within.quotientAndRemainder(dividingBy: columns)
      let count = min(columns - column, tiles.upperBound - tile, WinogradBand.mostTiles)
      body(count, tile - tiles.lowerBound, image, 4 * row, 4 * column)
      tile += count
    }
  }

  /// Numbers in the pixels of a band.
  var bandCount: Int { WinogradBand.count(channels: max(inputChannels, outputChannels)) }

  /// Writes Bᵀ·d·B of some tiles to `[36, tiles, inputRowStride]`, planes `planeStride` apart.
  ///
  /// - Parameter pixels: room for `bandCount` numbers.
  func transformInputs(
    _ tiles: Range<Int>, of input: UnsafePointer<Float>, into planes: UnsafeMutablePointer<Float>,
    planeStride: Int, pixels: UnsafeMutablePointer<Float>
  ) {
    let band = WinogradBand(pixels: pixels, channels: inputChannels)
    forEachBand(tiles) { count, place, image, row, column in
      band.load(
        StoredMap(values: input), from: image * inputHeight * inputWidth * inputChannels,
        height: inputHeight, width: inputWidth, row: row - padding, column: column - padding, rows: 6,
        columns: 4 * count + 2)
      band.transformInputs(
        count, into: planes + place * inputRowStride, planeStride: planeStride,
        rowStride: inputRowStride)
    }
  }

  /// Writes A·y·Aᵀ of the output gradients of some tiles to `[36, tiles, outputRowStride]`.
  func transformOutputGradients(
    _ tiles: Range<Int>, of gradient: UnsafePointer<Float>,
    into planes: UnsafeMutablePointer<Float>, planeStride: Int,
    pixels: UnsafeMutablePointer<Float>
  ) {
    let band = WinogradBand(pixels: pixels, channels: outputChannels)
    forEachBand(tiles) { count, place, image, row, column in
      band.load(
        StoredMap(values: gradient), from: image * outputHeight * outputWidth * outputChannels,
        height: outputHeight, width: outputWidth, row: row, column: column, rows: 4,
        columns: 4 * count)
      band.transformOutputGradients(
        count, into: planes + place * outputRowStride, planeStride: planeStride,
        rowStride: outputRowStride)
    }
  }

  /// The same, and beside it Bᵀ·d·B of the same gradients with the pixels around each tile: what the inputs'
  /// gradient is computed from.
  ///
  /// - Parameter surrounded: `[36, tiles, outputRowStride]`, planes `surroundedStride` apart.
  func transformOutputGradients(
    _ tiles: Range<Int>, of gradient: some MapSource, into planes: UnsafeMutablePointer<Float>,
    planeStride: Int, withSurroundings surrounded: UnsafeMutablePointer<Float>,
    surroundedStride: Int, pixels: UnsafeMutablePointer<Float>
  ) {
    let band = WinogradBand(pixels: pixels, channels: outputChannels)
    forEachBand(tiles) { count, place, image, row, column in
      band.load(
        gradient, from: image * outputHeight * outputWidth * outputChannels, height: outputHeight,
        width: outputWidth, row: row - 1, column: column - 1, rows: 6, columns: 4 * count + 2)
      band.transformInputs(
        count, into: surrounded + place * outputRowStride, planeStride: surroundedStride,
        rowStride: outputRowStride)
      band.withoutBorder.transformOutputGradients(
        count, into: planes + place * outputRowStride, planeStride: planeStride,
        rowStride: outputRowStride)
    }
  }

  /// Brings Aᵀ·m·A of some tiles, `[36, tiles, outputRowStride]`, to where it is to go.
  func transformOutputs(
    _ tiles: Range<Int>, of products: UnsafePointer<Float>, planeStride: Int,
    into output: UnsafeMutablePointer<Float>, destination: WinogradPass.Destination, part: Int,
    pixels: UnsafeMutablePointer<Float>
  ) {
    let band = WinogradBand(pixels: pixels, channels: outputChannels)
    forEachBand(tiles) { count, place, image, row, column in
      band.transformOutputs(
        count, of: products + place * outputRowStride, planeStride: planeStride,
        rowStride: outputRowStride)
      let area = WinogradBand.Area(
        start: ((image * outputHeight + row) * outputWidth + column) * outputChannels,
        lineStride: outputWidth * outputChannels, rows: min(4, outputHeight - row),
        columns: min(4 * count, outputWidth - column))
      switch destination {
      case .sum: band.add(area, to: output)
      case .step(.none): band.copy(area, to: output)
      case .step(.measure(let moments)):
        band.copy(area, to: output)
        band.measure(area, by: moments, part: part)
      case .step(.normalize(let line)): band.normalize(area, by: line)
      }
    }
  }
}
