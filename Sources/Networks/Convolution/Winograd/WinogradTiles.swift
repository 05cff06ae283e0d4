import Compute

/// The tiles of a 3x3 convolution of stride 1: squares of four by four outputs, counted line by line
/// and image by image, and the six by six inputs that each needs.
struct WinogradTiles {
  let inputHeight: Int
  let inputWidth: Int
  let inputChannels: Int
  let outputChannels: Int
  let padding: Int

  var outputHeight: Int { inputHeight + 2 * padding - 2 }
  var outputWidth: Int { inputWidth + 2 * padding - 2 }
  private var columns: Int { (outputWidth + 3) / 4 }
  var perImage: Int { (outputHeight + 3) / 4 * columns }

  /// A tile's image and the first line and column of its outputs.
  @inline(__always)
  private func place(of tile: Int) -> (image: Int, row: Int, column: Int) {
    let (image, within) = tile.quotientAndRemainder(dividingBy: perImage)
    let (row, column) = within.quotientAndRemainder(dividingBy: columns)
    return (image, 4 * row, 4 * column)
  }

  /// Writes Bᵀ·d·B of some tiles to `[36, tiles, inputChannels]`, planes `planeStride` apart.
  ///
  /// - Parameter patch: room for `patchCount` numbers.
  func transformInputs(
    _ tiles: Range<Int>, of input: UnsafePointer<Float>, into planes: UnsafeMutablePointer<Float>,
    planeStride: Int, patch: UnsafeMutablePointer<Float>
  ) {
    let channels = inputChannels
    var destination = planes
    for tile in tiles {
      let place = place(of: tile)
      let (row, column) = (place.row - padding, place.column - padding)
      var source = input + ((place.image * inputHeight + row) * inputWidth + column) * channels
      var rowStride = inputWidth * channels
      if row < 0 || column < 0 || row + 6 > inputHeight || column + 6 > inputWidth {
        copyPatch(source, row: row, column: column, into: patch)
        source = UnsafePointer(patch)
        rowStride = 6 * channels
      }
      func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
        var next = destination + c
        WinogradTransform.transformInput { row, column in
          Lanes(at: source + (row * rowStride + column * channels + c))
        } store: { _, values in
          store(values, at: &next, planeStride: planeStride)
        }
      }
      forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      destination += channels
    }
  }

  /// Numbers in a patch of inputs, enough for the outputs of a tile too.
  var patchCount: Int { 36 * max(inputChannels, outputChannels) }

  private func copyPatch(
    _ source: UnsafePointer<Float>, row: Int, column: Int, into patch: UnsafeMutablePointer<Float>
  ) {
    let channels = inputChannels
    let first = min(max(0, -column), 6)
    let last = max(first, min(6, inputWidth - column))
    for i in 0..<6 {
      let line = patch + i * 6 * channels
      guard row + i >= 0 && row + i < inputHeight else {
        clear(line, count: 6 * channels)
        continue
      }
      clear(line, count: first * channels)
      copy(
        source + (i * inputWidth + first) * channels, to: line + first * channels,
        count: (last - first) * channels)
      clear(line + last * channels, count: (6 - last) * channels)
    }
  }

  /// Writes Aᵀ·m·A of some tiles to the output, or adds it.
  ///
  /// - Parameters:
  ///   - products: `[36, tiles, rowStride]`, planes `planeStride` apart.
  func transformOutputs(
    _ tiles: Range<Int>, of products: UnsafePointer<Float>, planeStride: Int, rowStride: Int,
    into output: UnsafeMutablePointer<Float>, accumulates: Bool
  ) {
    let channels = outputChannels
    var source = products
    for tile in tiles {
      let place = place(of: tile)
      let pixel = (place.image * outputHeight + place.row) * outputWidth + place.column
      let (rows, columns) = (min(4, outputHeight - place.row), min(4, outputWidth - place.column))
      let isWhole = rows == 4 && columns == 4
      let destination = output + pixel * channels
      func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
        WinogradTransform.transformOutput { row, column in
          Lanes(at: source + ((6 * row + column) * planeStride + c))
        } store: { row, values in
          let line = destination + (row * outputWidth * channels + c)
          func put(_ value: Lanes, _ column: Int) {
            guard isWhole || (row < rows && column < columns) else { return }
            let place = line + column * channels
            (accumulates ? Lanes(at: place) + value : value).store(at: place)
          }
          put(values.x0, 0)
          put(values.x1, 1)
          put(values.x2, 2)
          put(values.x3, 3)
        }
      }
      forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      source += rowStride
    }
  }

  /// Writes A·y·Aᵀ of the output gradients of some tiles to `[36, tiles, rowStride]`.
  func transformOutputGradients(
    _ tiles: Range<Int>, of gradient: UnsafePointer<Float>,
    into planes: UnsafeMutablePointer<Float>, planeStride: Int, rowStride: Int,
    patch: UnsafeMutablePointer<Float>
  ) {
    let channels = outputChannels
    var destination = planes
    for tile in tiles {
      let place = place(of: tile)
      let pixel = (place.image * outputHeight + place.row) * outputWidth + place.column
      var source = gradient + pixel * channels
      var sourceStride = outputWidth * channels
      let (rows, columns) = (min(4, outputHeight - place.row), min(4, outputWidth - place.column))
      if rows < 4 || columns < 4 {
        for i in 0..<4 {
          let line = patch + i * 4 * channels
          let valid = i < rows ? columns * channels : 0
          copy(source + i * sourceStride, to: line, count: valid)
          clear(line + valid, count: 4 * channels - valid)
        }
        source = UnsafePointer(patch)
        sourceStride = 4 * channels
      }
      func body<Lanes: FloatLanes>(_ type: Lanes.Type, _ c: Int) {
        var next = destination + c
        WinogradTransform.transformOutputGradient { row, column in
          Lanes(at: source + (row * sourceStride + column * channels + c))
        } store: { _, values in
          store(values, at: &next, planeStride: planeStride)
        }
      }
      forEachLanes(channels) { body(SIMD16<Float>.self, $0) } one: { body(Float.self, $0) }
      destination += rowStride
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

  @inline(__always)
  private func copy(
    _ source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>, count: Int
  ) {
    forEachLanes(count) {
      SIMD16<Float>(at: source + $0).store(at: destination + $0)
    } one: {
      destination[$0] = source[$0]
    }
  }

  @inline(__always)
  private func clear(_ destination: UnsafeMutablePointer<Float>, count: Int) {
    forEachLanes(count) {
      SIMD16<Float>(repeating: 0).store(at: destination + $0)
    } one: {
      destination[$0] = 0
    }
  }
}
