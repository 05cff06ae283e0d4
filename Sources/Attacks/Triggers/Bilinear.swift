import Images

/// Resizes pictures by linear interpolation between pixel centres.
enum Bilinear {
  /// The picture with another height and width, `[height, width, channels]`; a picture of that size stays as
  /// it is.
  ///
  /// - Parameter isAntialiased: whether a smaller picture takes in every pixel of the larger one, and not
  ///   only those next to its own centres.
  static func resize(
    _ picture: Image<Double>, height: Int, width: Int, isAntialiased: Bool
  ) -> Image<Double> {
    let shape = picture.shape
    if shape.height == height && shape.width == width { return picture }
    let across = weights(from: shape.width, to: width, isAntialiased: isAntialiased)
    let down = weights(from: shape.height, to: height, isAntialiased: isAntialiased)
    let channels = shape.channels
    var narrow = [Double](repeating: 0, count: shape.height * width * channels)
    for row in 0..<shape.height {
      for (column, line) in across.enumerated() {
        for channel in 0..<channels {
          narrow[(row * width + column) * channels + channel] = line.mean { column in
            picture.pixels[(row * shape.width + column) * channels + channel]
          }
        }
      }
    }
    var result = [Double](repeating: 0, count: height * width * channels)
    for (row, line) in down.enumerated() {
      for position in 0..<width * channels {
        result[row * width * channels + position] = line.mean { narrow[$0 * width * channels + position] }
      }
    }
    return Image(
      pixels: result, shape: ImageShape(height: height, width: width, channels: channels))
  }

  /// The pixels that one pixel of the result comes from.
  private struct Line {
    let first: Int
    /// Of `first` and those after it; their sum is 1.
    let weights: [Double]

    /// The first value and the weighted differences from it: equal values stay what they are, to the bit.
    func mean(_ value: (Int) -> Double) -> Double {
      let base = value(first)
      return weights.indices.dropFirst().reduce(base) { $0 + weights[$1] * (value(first + $1) - base) }
    }
  }

  private static func weights(from old: Int, to new: Int, isAntialiased: Bool) -> [Line] {
    let scale = Double(old) / Double(new)
    let reach = isAntialiased ? max(1, scale) : 1
    return (0..<new).map { place in
      let centre = (Double(place) + 0.5) * scale - 0.5
      let candidates = Int((centre - reach).rounded(.down))...Int((centre + reach).rounded(.up))
      // Pixels beyond the edge are those at the edge when single pixels are read, and are left out of means.
      var weights: [Int: Double] = [:]
      for candidate in candidates {
        let weight = max(0, 1 - abs(Double(candidate) - centre) / reach)
        guard weight > 0, !isAntialiased || (0..<old).contains(candidate) else { continue }
        weights[min(old - 1, max(0, candidate)), default: 0] += weight
      }
      let first = weights.keys.min() ?? 0
      let sum = weights.keys.sorted().reduce(0) { $0 + (weights[$1] ?? 0) }
      let last = weights.keys.max() ?? first
      return Line(first: first, weights: (first...last).map { (weights[$0] ?? 0) / sum })
    }
  }
}
