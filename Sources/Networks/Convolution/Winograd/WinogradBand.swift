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

  /// The same pixels without the first line and column.
  var withoutBorder: WinogradBand {
    WinogradBand(pixels: pixels + (Self.lineStride + Self.pixelStride), channels: channels)
  }

  /// Copies a rectangle of the image whose first number is at `start`; what lies outside of the image is
  /// zero, and so are the channels that fill up the last group.
  @inline(__always)
  func load<Source: MapSource>(
    _ source: Source, from start: Int, height: Int, width: Int, row: Int, column: Int, rows: Int,
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
      var index = start + ((row + i) * width + column + first) * channels
      if channels == 16 {
        let place = line + first * Self.pixelStride
        for offset in stride(from: 0, to: (last - first) * 16, by: 16) {
          source.lanes(SIMD16<Float>.self, at: index + offset, channel: 0).store(at: place + offset)
        }
        clear(line, last..<columns)
        continue
      }
      for x in first..<last {
        var place = line + x * Self.pixelStride
        for group in 0..<wholeGroups {
          source.lanes(SIMD16<Float>.self, at: index, channel: 16 * group).store(at: place)
          index += 16
          place += Self.groupStride
        }
        if rest > 0 {
          SIMD16<Float>(repeating: 0).store(at: place)
          for c in 0..<rest {
            place[c] = source.lanes(Float.self, at: index + c, channel: 16 * wholeGroups + c)
          }
          index += rest
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

  /// The part of an image that the pixels of outputs belong to.
  struct Area {
    /// The place of the first number.
    let start: Int
    let lineStride: Int
    let rows: Int
    let columns: Int
  }

  /// Calls `sixteen` with the place of every whole vector of the pixels in the image, its first
  /// channel, and itself, and `one` in the same way for the numbers that are left.
  @inline(__always)
  private func forEach(
    _ area: Area, sixteen: (_ place: Int, _ c: Int, _ value: SIMD16<Float>) -> Void,
    one: (_ place: Int, _ c: Int, _ value: Float) -> Void
  ) {
    for i in 0..<area.rows {
      var place = area.start + i * area.lineStride
      for x in 0..<area.columns {
        var source = UnsafePointer(pixels) + (i * Self.lineStride + x * Self.pixelStride)
        for group in 0..<wholeGroups {
          sixteen(place, group * 16, SIMD16<Float>(at: source))
          source += Self.groupStride
          place += 16
        }
        for c in 0..<rest { one(place + c, wholeGroups * 16 + c, source[c]) }
        place += rest
      }
    }
  }

  func copy(_ area: Area, to image: UnsafeMutablePointer<Float>) {
    forEach(area) { place, _, value in
      value.store(at: image + place)
    } one: { place, _, value in
      image[place] = value
    }
  }

  func add(_ area: Area, to image: UnsafeMutablePointer<Float>) {
    forEach(area) { place, _, value in
      (SIMD16<Float>(at: image + place) + value).store(at: image + place)
    } one: { place, _, value in
      image[place] += value
    }
  }

  func normalize(_ area: Area, by line: ChannelLine) {
    forEach(area) { place, c, value in
      line.write(value, channel: c, at: place)
    } one: { place, c, value in
      line.write(value, channel: c, at: place)
    }
  }

  func measure(_ area: Area, by moments: ChannelMoments, part: Int) {
    let count = area.rows * area.columns
    for group in 0..<groups {
      let start = UnsafePointer(pixels) + group * Self.groupStride
      @inline(__always)
      func sum(_ body: (_ sum: inout SIMD16<Float>, _ value: SIMD16<Float>) -> Void) -> SIMD16<Float> {
        var sum = SIMD16<Float>(repeating: 0)
        for i in 0..<area.rows {
          for x in 0..<area.columns {
            body(&sum, SIMD16<Float>(at: start + (i * Self.lineStride + x * Self.pixelStride)))
          }
        }
        return sum
      }
      let mean = sum { $0 += $1 } * (1 / Float(count))
      let squares = sum { $0.addProduct($1 - mean, $1 - mean) }
      moments.add(mean: mean, squares: squares, count: count, channel: group * 16, part: part)
    }
    moments.finish(count: count, part: part)
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
