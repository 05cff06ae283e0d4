import Images

/// What remains of an image without its local mean, and the adjoint of that linear map.
///
/// What an image shows is mostly of low spatial frequency, and differs between the images of a class; what a trigger adds
/// has high ones as well, and is the same in all images.
package struct HighPass: Sendable {
  package let shape: ImageShape
  /// Of the square over which the mean is taken, in pixels: 3 in an image of 32, at borders fewer.
  package let radius: Int

  package init(shape: ImageShape) {
    self.shape = shape
    radius = max(1, (3 * min(shape.height, shape.width) + 16) / 32)
  }

  /// - Parameter values: `[height, width, channels]`.
  package func callAsFunction(_ values: [Double]) -> [Double] { lessMean(values, isAdjoint: false) }

  /// So that the product of `a` and what remains of `b` is that of the adjoint of `a` and `b`.
  package func adjoint(of values: [Double]) -> [Double] { lessMean(values, isAdjoint: true) }

  private func lessMean(_ values: [Double], isAdjoint: Bool) -> [Double] {
    let rows = mean(values, lines: shape.height, stride: shape.rowCount, isAdjoint: isAdjoint)
    let all = mean(rows, lines: shape.width, stride: shape.channels, isAdjoint: isAdjoint)
    return zip(values, all).map { $0 - $1 }
  }

  /// The mean along one axis; beyond the border its last value is repeated.
  private func mean(_ values: [Double], lines: Int, stride: Int, isAdjoint: Bool) -> [Double] {
    var result = [Double](repeating: 0, count: values.count)
    let share = 1 / Double(2 * radius + 1)
    for start in values.indices where start / stride % lines == 0 {
      for line in 0..<lines {
        for offset in -radius...radius {
          let other = min(max(line + offset, 0), lines - 1)
          let (target, source) = isAdjoint ? (other, line) : (line, other)
          result[start + target * stride] += share * values[start + source * stride]
        }
      }
    }
    return result
  }
}
