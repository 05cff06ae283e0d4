import Compute

/// The tiles of a 3x3 convolution of stride 1: squares of four by four outputs, counted line by line
/// and image by image, and the six by six inputs that each needs.
///
/// Neighbouring tiles are transformed together, as bands: a band's pixels are first copied into a
/// few padded lines. These stay in the first-level cache, tiles at the edge need no care, and memory
/// is read and written in long runs, which is what a processor can foresee.
struct WinogradTiles {
  let inputHeight: Int
  let inputWidth: Int
  let inputChannels: Int
  let outputChannels: Int
  let padding: Int
  /// From a tile to the next in a transformed plane of inputs.
  let inputRowStride: Int
  /// The same for outputs, filled up to whole vectors.
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
    outputRowStride = Self.rowStride((outputChannels + 15) & ~15)
  }

  /// Rows of 512 bytes or a multiple are set apart, lest the same column of all rows falls into a
  /// few sets of the cache.
  private static func rowStride(_ channels: Int) -> Int {
    channels % 128 == 0 ? channels + 16 : channels
  }

  var outputHeight: Int { inputHeight + 2 * padding - 2 }
  var outputWidth: Int { inputWidth + 2 * padding - 2 }
  private var columns: Int { (outputWidth + 3) / 4 }
  var perImage: Int { (outputHeight + 3) / 4 * columns }

  /// The most tiles in a band.
  private static let mostTiles = 16

  /// Tiles next to each other.
  private struct Band {
    let image: Int
    /// The first line and column of the outputs.
    let row: Int
    let column: Int
    let count: Int
  }

  /// Calls `body` with each band of a range of tiles and the place of its first tile in the range.
  @inline(__always)
  private func forEachBand(_ tiles: Range<Int>, _ body: (_ band: Band, _ place: Int) -> Void) {
    var tile = tiles.lowerBound
    while tile < tiles.upperBound {
      let (image, within) = tile.quotientAndRemainder(dividingBy: perImage)
      let (row, column) = within.quotientAndRemainder(dividingBy: columns)
      let count = min(columns - column, tiles.upperBound - tile, Self.mostTiles)
      body(
        Band(image: image, row: 4 * row, column: 4 * column, count: count),
        tile - tiles.lowerBound)
      tile += count
    }
  }

  /// Numbers in the pixels of a band.
  var bandCount: Int {
    let count = min(columns, Self.mostTiles)
    return max(6 * (4 * count + 2) * inputChannels, 16 * count * outputChannels)
  }

  /// Writes Bᵀ·d·B of some tiles to `[36, tiles, inputRowStride]`, planes `planeStride` apart.
  ///
  /// - Parameter pixels: room for `bandCount` numbers.
  func transformInputs(
    _ tiles: Range<Int>, of input: UnsafePointer<Float>, into planes: UnsafeMutablePointer<Float>,
    planeStride: Int, pixels: UnsafeMutablePointer<Float>
  ) {
    let channels = inputChannels
    forEachBand(tiles) { band, place in
      let width = 4 * band.count + 2
      copy(
        input + band.image * inputHeight * inputWidth * channels, height: inputHeight,
        width: inputWidth, channels: channels, row: band.row - padding,
        column: band.column - padding, rows: 6, columns: width, into: pixels)
      let lineStride = width * channels
      for tile in 0..<band.count {
        let source = UnsafePointer(pixels) + 4 * tile * channels
        let destination = planes + (place + tile) * inputRowStride
        @inline(__always)
        func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
          var next = destination + c
          WinogradTransform.transformInput { row, column in
            Lanes(at: source + (row * lineStride + column * channels + c))
          } store: { _, values in
            store(values, at: &next, planeStride: planeStride)
          }
        }
        forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      }
    }
  }

  /// Writes A·y·Aᵀ of the output gradients of some tiles to `[36, tiles, outputRowStride]`.
  func transformOutputGradients(
    _ tiles: Range<Int>, of gradient: UnsafePointer<Float>,
    into planes: UnsafeMutablePointer<Float>, planeStride: Int,
    pixels: UnsafeMutablePointer<Float>
  ) {
    let channels = outputChannels
    forEachBand(tiles) { band, place in
      let width = 4 * band.count
      copy(
        gradient + band.image * outputHeight * outputWidth * channels, height: outputHeight,
        width: outputWidth, channels: channels, row: band.row, column: band.column, rows: 4,
        columns: width, into: pixels)
      let lineStride = width * channels
      for tile in 0..<band.count {
        let source = UnsafePointer(pixels) + 4 * tile * channels
        let destination = planes + (place + tile) * outputRowStride
        @inline(__always)
        func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
          var next = destination + c
          WinogradTransform.transformOutputGradient { row, column in
            Lanes(at: source + (row * lineStride + column * channels + c))
          } store: { _, values in
            store(values, at: &next, planeStride: planeStride)
          }
        }
        forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      }
    }
  }

  /// Writes Aᵀ·m·A of some tiles, `[36, tiles, outputRowStride]`, to the output, or adds it.
  func transformOutputs(
    _ tiles: Range<Int>, of products: UnsafePointer<Float>, planeStride: Int,
    into output: UnsafeMutablePointer<Float>, accumulates: Bool,
    pixels: UnsafeMutablePointer<Float>
  ) {
    let channels = outputChannels
    forEachBand(tiles) { band, place in
      let lineStride = 4 * band.count * channels
      for tile in 0..<band.count {
        let source = products + (place + tile) * outputRowStride
        let destination = pixels + 4 * tile * channels
        @inline(__always)
        func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
          var line = destination + c
          WinogradTransform.transformOutput { row, column in
            Lanes(at: source + ((6 * row + column) * planeStride + c))
          } store: { _, values in
            values.x0.store(at: line)
            values.x1.store(at: line + channels)
            values.x2.store(at: line + 2 * channels)
            values.x3.store(at: line + 3 * channels)
            line += lineStride
          }
        }
        forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      }
      let count = min(4 * band.count, outputWidth - band.column) * channels
      let first = (band.image * outputHeight + band.row) * outputWidth + band.column
      for row in 0..<min(4, outputHeight - band.row) {
        let (source, destination) = (
          UnsafePointer(pixels) + row * lineStride,
          output + (first + row * outputWidth) * channels
        )
        @inline(__always)
        func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ index: Int) {
          let value = Lanes(at: source + index)
          (accumulates ? Lanes(at: destination + index) + value : value)
            .store(at: destination + index)
        }
        forEachLanes(count) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      }
    }
  }

  /// Copies a rectangle of an image; what lies outside of the image is zero.
  private func copy(
    _ image: UnsafePointer<Float>, height: Int, width: Int, channels: Int, row: Int, column: Int,
    rows: Int, columns: Int, into pixels: UnsafeMutablePointer<Float>
  ) {
    let before = max(0, -column)
    let inside = max(0, min(columns, width - column) - before)
    let behind = columns - before - inside
    var line = pixels
    for y in row..<(row + rows) {
      if y < 0 || y >= height {
        line.update(repeating: 0, count: columns * channels)
      } else {
        line.update(repeating: 0, count: before * channels)
        (line + before * channels).update(
          from: image + (y * width + column + before) * channels, count: inside * channels)
        (line + (before + inside) * channels).update(repeating: 0, count: behind * channels)
      }
      line += columns * channels
    }
  }

  /// Stores a row of six in the next six planes.
  @inline(__always)
  private func store<Lanes>(
    _ values: WinogradTransform.Six<Lanes>, at next: inout UnsafeMutablePointer<Float>,
    planeStride: Int
  ) {
    for column in 0..<6 {
      values[column].store(at: next)
      next += planeStride
    }
  }
}
