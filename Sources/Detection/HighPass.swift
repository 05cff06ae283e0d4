import Images

/// What remains of an image without its local mean.
///
/// What an image shows is mostly of low spatial frequency, and differs between the images of a class; what a trigger adds
/// has high ones as well, and is the same in all images.
package struct HighPass: Sendable {
  package let shape: ImageShape
  /// Of the square over which the mean is taken, in pixels: 3 in an image of 32; beyond the border its last value is
  /// repeated.
  package let radius: Int

  package init(shape: ImageShape) {
    self.shape = shape
    radius = max(1, (3 * min(shape.height, shape.width) + 16) / 32)
  }

  /// - Parameter values: `[height, width, channels]`.
  package func callAsFunction(_ values: [Double]) -> [Double] {
    let rows = mean(values, lines: shape.height, stride: shape.rowCount)
    let all = mean(rows, lines: shape.width, stride: shape.channels)
    return zip(values, all).map { $0 - $1 }
  }

  /// The mean along one axis.
  private func mean(_ values: [Double], lines: Int, stride: Int) -> [Double] {
    let share = 1 / Double(2 * radius + 1)
    return values.indices.map { index in
      let line = index / stride % lines
      return (-radius...radius).reduce(0) { sum, offset in
        sum + share * values[index + (min(max(line + offset, 0), lines - 1) - line) * stride]
      }
    }
  }
}
