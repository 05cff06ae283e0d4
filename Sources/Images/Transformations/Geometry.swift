import Glibc

/// Rearrangements of pixels: every pixel of the result is one of the source, or black (zero).
///
/// Source and target are images of the same shape, `[height, width, channels]`, and do not overlap.
enum Geometry {
  /// Rotates counter-clockwise about the centre, nearest neighbour, black where nothing was.
  ///
  /// Which pixel is the nearest agrees bit for bit with Pillow's `rotate` (and so torchvision's on
  /// Pillow images): the inverse rotation, with its coefficients rounded to 15 decimals, maps the
  /// centres of pixels in fixed-point arithmetic with 16 fractional bits, rounded down.
  static func rotate<Pixel: AdditiveArithmetic>(
    _ source: UnsafeBufferPointer<Pixel>, shape: ImageShape, degrees: Double,
    into target: UnsafeMutableBufferPointer<Pixel>
  ) {
    var turn = degrees.truncatingRemainder(dividingBy: 360)
    if turn < 0 { turn += 360 }
    let radians = -turn * (.pi / 180)
    let cosine = (cos(radians) * 1e15).rounded(.toNearestOrEven) / 1e15
    let sine = (sin(radians) * 1e15).rounded(.toNearestOrEven) / 1e15
    let centreX = Double(shape.width) / 2
    let centreY = Double(shape.height) / 2
    let offsetX = cosine * -centreX + sine * -centreY + centreX
    let offsetY = -sine * -centreX + cosine * -centreY + centreY

    func fixed(_ value: Double) -> Int { Int((value * 65536 + 0.5).rounded(.down)) }
    let (stepXX, stepXY) = (fixed(cosine), fixed(sine))
    let (stepYX, stepYY) = (fixed(-sine), fixed(cosine))
    var rowX = fixed(offsetX + cosine * 0.5 + sine * 0.5)
    var rowY = fixed(offsetY + -sine * 0.5 + cosine * 0.5)
    let channels = shape.channels
    var position = 0
    for _ in 0..<shape.height {
      var (x, y) = (rowX, rowY)
      for _ in 0..<shape.width {
        let (column, row) = (x >> 16, y >> 16)
        let isInside = column >= 0 && column < shape.width && row >= 0 && row < shape.height
        let from = isInside ? (row * shape.width + column) * channels : 0
        for channel in 0..<channels {
          target[position + channel] = isInside ? source[from + channel] : .zero
        }
        position += channels
        x += stepXX
        y += stepYX
      }
      rowX += stepXY
      rowY += stepYY
    }
  }

  /// Moves the content by `x` columns to the right and `y` rows down, black where nothing was; then
  /// swaps left and right, if asked for.
  static func translate<Pixel: AdditiveArithmetic>(
    _ source: UnsafeBufferPointer<Pixel>, shape: ImageShape, x: Int, y: Int, isFlipped: Bool,
    into target: UnsafeMutableBufferPointer<Pixel>
  ) {
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        let isInside =
          column - x >= 0 && column - x < shape.width && row - y >= 0 && row - y < shape.height
        let from = isInside ? ((row - y) * shape.width + column - x) * shape.channels : 0
        let to = (row * shape.width + (isFlipped ? shape.width - 1 - column : column)) * shape.channels
        for channel in 0..<shape.channels {
          target[to + channel] = isInside ? source[from + channel] : .zero
        }
      }
    }
  }
}

extension Image {
  /// The image rotated counter-clockwise about its centre; see `Geometry.rotate`.
  func rotated(degrees: Double) -> Image {
    rearranged { Geometry.rotate($0, shape: shape, degrees: degrees, into: $1) }
  }

  /// The image moved to the right by `x` and down by `y` pixels.
  func translated(x: Int, y: Int) -> Image {
    rearranged { Geometry.translate($0, shape: shape, x: x, y: y, isFlipped: false, into: $1) }
  }

  /// The image with left and right swapped.
  func flipped() -> Image {
    rearranged { Geometry.translate($0, shape: shape, x: 0, y: 0, isFlipped: true, into: $1) }
  }

  private func rearranged(
    _ body: (UnsafeBufferPointer<Pixel>, UnsafeMutableBufferPointer<Pixel>) -> Void
  ) -> Image {
    let result = [Pixel](unsafeUninitializedCapacity: shape.count) { target, initialized in
      pixels.withUnsafeBufferPointer { source in
        body(source, UnsafeMutableBufferPointer(rebasing: target[..<shape.count]))
      }
      initialized = shape.count
    }
    return Image(pixels: result, shape: shape)
  }
}
