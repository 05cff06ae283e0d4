import Compute

/// The pixels of up to eight neighbouring tiles, sorted by groups of sixteen channels:
/// `[groups, 6, 34, 16]`, of which outputs take four lines and 32 columns.
///
/// All strides are known to the compiler, so a transform spends no time on addresses; tiles at the
/// edge of an image need no care; and memory is read and written in long runs, which is what a
/// processor can foresee.
struct WinogradBand {
  static let mostTiles = 8
  private static let pixelStride = 16
  static let lineStride = (4 * mostTiles + 2) * pixelStride
  static let groupStride = 6 * lineStride

  let pixels: UnsafeMutablePointer<Float>
  let channels: Int

  @inline(__always)
  private var wholeGroups: Int { channels / 16 }
  @inline(__always)
  private var rest: Int { channels % 16 }
  var groups: Int { (channels + 15) / 16 }

  static func count(channels: Int) -> Int { (channels + 15) / 16 * groupStride }

  /// Copies a rectangle of an image; what lies outside of the image is zero, and so are the channels
  /// that fill up the last group.
  func load(
    _ image: UnsafePointer<Float>, height: Int, width: Int, row: Int, column: Int, rows: Int,
    columns: Int
  ) {
    let first = min(columns, max(0, -column))
    let last = max(first, min(columns, width - column))
    for i in 0..<rows {
      let line = pixels + i * Self.lineStride
      guard row + i >= 0 && row + i < height else {
        clear(line, 0..<columns)
        continue
      }
      clear(line, 0..<first)
      var source = image + ((row + i) * width + column + first) * channels
      for x in first..<last {
        var place = line + x * Self.pixelStride
        for _ in 0..<wholeGroups {
          SIMD16<Float>(at: source).store(at: place)
          source += 16
          place += Self.groupStride
        }
        if rest > 0 {
          SIMD16<Float>(repeating: 0).store(at: place)
          for c in 0..<rest { place[c] = source[c] }
          source += rest
        }
      }
      clear(line, last..<columns)
    }
  }

  private func clear(_ line: UnsafeMutablePointer<Float>, _ columns: Range<Int>) {
    for x in columns {
      for group in 0..<groups {
        SIMD16<Float>(repeating: 0)
          .store(at: line + (group * Self.groupStride + x * Self.pixelStride))
      }
    }
  }

  /// Copies the pixels of outputs to a rectangle of an image that begins at `destination`, or adds
  /// them there.
  func store(
    at destination: UnsafeMutablePointer<Float>, width: Int, rows: Int, columns: Int,
    accumulates: Bool
  ) {
    for i in 0..<rows {
      var place = destination + i * width * channels
      for x in 0..<columns {
        var source = UnsafePointer(pixels) + (i * Self.lineStride + x * Self.pixelStride)
        for _ in 0..<wholeGroups {
          let value = SIMD16<Float>(at: source)
          (accumulates ? SIMD16<Float>(at: place) + value : value).store(at: place)
          source += Self.groupStride
          place += 16
        }
        for c in 0..<rest { place[c] = accumulates ? place[c] + source[c] : source[c] }
        place += rest
      }
    }
  }

  /// Writes Bᵀ·d·B of the first tiles to `[36, tiles, rowStride]`, planes `planeStride` apart.
  func transformInputs(
    _ tiles: Int, into planes: UnsafeMutablePointer<Float>, planeStride: Int, rowStride: Int
  ) {
    for group in 0..<groups {
      var source = UnsafePointer(pixels) + group * Self.groupStride
      var destination = planes + group * 16
      for _ in 0..<tiles {
        var next = destination
        WinogradTransform.transformInput { row, column in
          SIMD16<Float>(at: source + (row * Self.lineStride + column * Self.pixelStride))
        } store: { _, values in
          Self.store(values, at: &next, planeStride: planeStride)
        }
        source += 4 * Self.pixelStride
        destination += rowStride
      }
    }
  }

  /// Writes A·y·Aᵀ of the first tiles to `[36, tiles, rowStride]`.
  func transformOutputGradients(
    _ tiles: Int, into planes: UnsafeMutablePointer<Float>, planeStride: Int, rowStride: Int
  ) {
    for group in 0..<groups {
      var source = UnsafePointer(pixels) + group * Self.groupStride
      var destination = planes + group * 16
      for _ in 0..<tiles {
        var next = destination
        WinogradTransform.transformOutputGradient { row, column in
          SIMD16<Float>(at: source + (row * Self.lineStride + column * Self.pixelStride))
        } store: { _, values in
          Self.store(values, at: &next, planeStride: planeStride)
        }
        source += 4 * Self.pixelStride
        destination += rowStride
      }
    }
  }

  /// Takes Aᵀ·m·A of `[36, tiles, rowStride]` as the pixels of the first tiles.
  func transformOutputs(
    _ tiles: Int, of products: UnsafePointer<Float>, planeStride: Int, rowStride: Int
  ) {
    for group in 0..<groups {
      var source = products + group * 16
      var destination = pixels + group * Self.groupStride
      for _ in 0..<tiles {
        var line = destination
        WinogradTransform.transformOutput { row, column in
          SIMD16<Float>(at: source + (6 * row + column) * planeStride)
        } store: { _, values in
          for column in 0..<4 { values[column].store(at: line + column * Self.pixelStride) }
          line += Self.lineStride
        }
        source += rowStride
        destination += 4 * Self.pixelStride
      }
    }
  }

  /// Stores a row of six in the next six planes.
  @inline(__always)
  private static func store(
    _ values: WinogradTransform.Six<SIMD16<Float>>, at next: inout UnsafeMutablePointer<Float>,
    planeStride: Int
  ) {
    for column in 0..<6 {
      values[column].store(at: next)
      next += planeStride
    }
  }
}
