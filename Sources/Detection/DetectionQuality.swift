/// How well scores and a split agree with the truth; for evaluation alone.
package struct DetectionQuality: Hashable, Sendable {
  /// The probability that a poisoned sample scores above a clean one; ties count half.
  package let areaUnderCurve: Double
  /// Share of the set named clean that is clean (`nil` of an empty set), and of all clean samples that it
  /// holds.
  package let cleanPrecision: Double?
  package let cleanRecall: Double
  /// The same for the set named poisoned.
  package let poisonedPrecision: Double?
  package let poisonedRecall: Double
  /// Share of all clean samples that are named poisoned.
  package let falsePositiveRate: Double

  /// - Returns: `nil` when no sample, or every sample, is poisoned.
  package init?(scores: [Double], split: SampleSplit, isPoisoned: [Bool]) {
    let poisonedCount = isPoisoned.count { $0 }
    let cleanCount = isPoisoned.count - poisonedCount
    guard poisonedCount > 0, cleanCount > 0 else { return nil }
    areaUnderCurve = Self.areaUnderCurve(scores: scores, isPositive: isPoisoned)
    let clean = split.indices(of: .clean)
    let poisoned = split.indices(of: .poisoned)
    let cleanHits = Double(clean.count { !isPoisoned[$0] })
    let poisonedHits = Double(poisoned.count { isPoisoned[$0] })
    cleanPrecision = clean.isEmpty ? nil : cleanHits / Double(clean.count)
    cleanRecall = cleanHits / Double(cleanCount)
    poisonedPrecision = poisoned.isEmpty ? nil : poisonedHits / Double(poisoned.count)
    poisonedRecall = poisonedHits / Double(poisonedCount)
    falsePositiveRate = (Double(poisoned.count) - poisonedHits) / Double(cleanCount)
  }

  /// By the rank-sum statistic with mean ranks for ties.
  package static func areaUnderCurve(scores: [Double], isPositive: [Bool]) -> Double {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var rankSum = 0.0
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count && scores[order[end]] == scores[order[start]] { end += 1 }
      let meanRank = Double(start + 1 + end) / 2
      for position in start..<end where isPositive[order[position]] { rankSum += meanRank }
      start = end
    }
    let positives = Double(isPositive.count { $0 })
    let negatives = Double(isPositive.count) - positives
    return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
  }
}
