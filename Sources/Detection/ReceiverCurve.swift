/// The receiver operating characteristic of scores: what share of the poisoned and of the clean samples lies
/// above each threshold; for evaluation alone.
package enum ReceiverCurve {
  package struct Point: Hashable, Sendable {
    /// Share of the clean samples above the threshold.
    package let clean: Double
    /// Share of the poisoned samples above it.
    package let poisoned: Double
  }

  /// The corners of the curve, from (0, 0) to (1, 1); samples with equal scores are one step.
  ///
  /// - Parameter most: how many points there may be, at least 2; of more corners some are left out, evenly.
  /// - Returns: nothing when no sample, or every sample, is poisoned.
  package static func points(scores: [Double], isPoisoned: [Bool], atMost most: Int = 400) -> [Point] {
    let total = isPoisoned.count { $0 }
    guard total > 0, total < isPoisoned.count else { return [] }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var (poisoned, clean) = (0, 0)
    var points = [Point(clean: 0, poisoned: 0)]
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, scores[order[end]] == scores[order[start]] {
        if isPoisoned[order[end]] { poisoned += 1 } else { clean += 1 }
        end += 1
      }
      let next = Point(
        clean: Double(clean) / Double(isPoisoned.count - total), poisoned: Double(poisoned) / Double(total))
      // On a straight line from the point before the last one, that one is no corner.
      if points.count > 1, isStraight(points[points.count - 2], points[points.count - 1], next) {
        points.removeLast()
      }
      points.append(next)
      start = end
    }
    guard points.count > most else { return points }
    return (0..<most).map { points[$0 * (points.count - 1) / (most - 1)] }
  }

  private static func isStraight(_ a: Point, _ b: Point, _ c: Point) -> Bool {
    a.clean == b.clean && b.clean == c.clean || a.poisoned == b.poisoned && b.poisoned == c.poisoned
  }
}
