import Glibc

/// Blurring with a Gaussian kernel of 15 × 15 pixels.
///
/// As torchvision's `GaussianBlur`: the kernel has single precision and a sum of 1, the image is
/// continued by reflection without repeating the edge, and bytes are rounded to the nearest (ties to
/// even). The rows are blurred before the columns, so a value that lies within rounding of a tie may
/// come out one grey level apart.
struct GaussianBlur {
  static let radius = 7

  /// The weights from the centre −7 to the centre +7.
  private let weights: [Float]

  /// - Parameter sigma: The standard deviation in pixels.
  init(sigma: Double) {
    let sigma = Float(sigma)
    let densities = (-Self.radius...Self.radius).map { offset in
      let ratio = Float(offset) / sigma
      return expf(-0.5 * (ratio * ratio))
    }
    let sum = densities.reduce(0, +)
    weights = densities.map { $0 / sum }
  }

  func callAsFunction(_ image: Image<Float>) -> Image<Float> {
    let shape = image.shape
    let rows = Self.reflection(shape.height)
    let columns = Self.reflection(shape.width)
    var horizontal = image
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        for channel in 0..<shape.channels {
          var sum: Float = 0
          for (tap, weight) in weights.enumerated() {
            sum += weight * image[row, columns[column + tap], channel]
          }
          horizontal[row, column, channel] = sum
        }
      }
    }
    var result = image
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        for channel in 0..<shape.channels {
          var sum: Float = 0
          for (tap, weight) in weights.enumerated() {
            sum += weight * horizontal[rows[row + tap], column, channel]
          }
          result[row, column, channel] = sum
        }
      }
    }
    return result
  }

  func callAsFunction(_ image: Image<UInt8>) -> Image<UInt8> {
    let blurred = self(Image<Float>(pixels: image.pixels.map { Float($0) }, shape: image.shape))
    return Image(
      pixels: blurred.pixels.map { UInt8(min(255, max(0, $0.rounded(.toNearestOrEven)))) },
      shape: image.shape)
  }

  /// The positions from −7 to `size` + 6 reflected into `0..<size`, as often as it takes.
  private static func reflection(_ size: Int) -> [Int] {
    (-radius..<size + radius).map { position in
      guard size > 1 else { return 0 }
      let period = 2 * (size - 1)
      let wrapped = (position % period + period) % period
      return wrapped < size ? wrapped : period - wrapped
    }
  }
}
