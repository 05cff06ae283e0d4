/// Wilson's interval for a share that was seen in some samples (two standard deviations, some 95%).
package enum Wilson {
  /// - Parameters:
  ///   - share: from 0 to 1.
  ///   - count: of the samples; of none, the share may be anything.
  package static func bounds(_ share: Double, of count: Int) -> ClosedRange<Double> {
    guard count > 0 else { return 0...1 }
    let (size, square) = (Double(count), 4.0)
    let centre = (share + square / (2 * size)) / (1 + square / size)
    let spread = (share * (1 - share) / size + square / (4 * size * size)).squareRoot() * 2
    let half = spread / (1 + square / size)
    return max(0, centre - half)...min(1, centre + half)
  }
}
