/// Splits samples by rank of their scores (method 4.5).
package struct RankSplitter: Sendable {
  /// α_c and α_p.
  package let cleanShare: Double
  package let poisonedShare: Double
  package let selection: CleanSelection
  /// Decides the order of samples with equal scores.
  package let seed: UInt64
  /// Whether a share of a few samples may be none of them.
  package let allowsEmpty: Bool

  package init(
    cleanShare: Double, poisonedShare: Double, selection: CleanSelection, seed: UInt64 = 1,
    allowsEmpty: Bool = false
  ) {
    self.cleanShare = cleanShare
    self.poisonedShare = poisonedShare
    self.selection = selection
    self.seed = seed
    self.allowsEmpty = allowsEmpty
  }

  /// - Parameters:
  ///   - scores: larger is more suspicious, `[count]`.
  ///   - labels: the given labels, `[count]`.
  /// - Throws: `SplitError` when a score is not a number or a set would be empty.
  package func split(scores: [Double], labels: [Int]) throws(SplitError) -> SampleSplit {
    if let index = scores.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(score: scores[index], index: index)
    }
    let cleanCount = Int(cleanShare * Double(scores.count) + 1e-9)
    let poisonedCount = Int(poisonedShare * Double(scores.count) + 1e-9)
    guard cleanCount > 0 || allowsEmpty else { throw .emptySet(.clean, share: cleanShare, count: scores.count) }
    guard poisonedCount > 0 || allowsEmpty else {
      throw .emptySet(.poisoned, share: poisonedShare, count: scores.count)
    }
    let ranking = ranking(of: scores)
    var flags = [SampleSplit.Flag](repeating: .uncertain, count: scores.count)
    for index in ranking.suffix(poisonedCount) { flags[index] = .poisoned }
    // The authors' rule asks first whether a sample is clean; the others never touch a suspect.
    let candidates = selection == .published ? ranking : ranking.dropLast(poisonedCount)
    var shortfalls: [SampleSplit.Shortfall] = []
    switch selection {
    case .rank:
      for index in candidates.prefix(cleanCount) { flags[index] = .clean }
    case .zeros:
      let more = candidates.dropFirst(cleanCount).prefix { scores[$0] == 0 }
      for index in candidates.prefix(cleanCount) + more { flags[index] = .clean }
    case .published:
      let threshold = scores[candidates[min(cleanCount, candidates.count - 1)]]
      for index in candidates.prefix(while: { scores[$0] <= threshold }) { flags[index] = .clean }
    case .balanced:
      let eligible = candidates.prefix(cleanCount + (scores.count - cleanCount) / 2)
      shortfalls = takeBalanced(eligible, count: cleanCount, labels: labels, flags: &flags)
      guard flags.contains(.clean) || allowsEmpty else {
        throw .emptySet(.clean, share: cleanShare, count: scores.count)
      }
    }
    guard flags.contains(.poisoned) || allowsEmpty else { throw .nothingPoisoned(cleanRule: selection) }
    let cleanScores = scores.indices.lazy.filter { flags[$0] == .clean }.map { scores[$0] }
    let poisonedScores = scores.indices.lazy.filter { flags[$0] == .poisoned }.map { scores[$0] }
    return SampleSplit(
      flags: flags, cleanThreshold: cleanScores.max() ?? 0,
      poisonedThreshold: poisonedScores.min() ?? 0, shortfalls: shortfalls)
  }

  /// All samples, the least suspicious first; see `Ranking.order(of:seed:)`.
  package func ranking(of scores: [Double]) -> [Int] { Ranking.order(of: scores, seed: seed) }

  /// The share of all samples, the least suspicious ones, that `balanced` takes from: those that `rank`
  /// would take, and the less suspicious half of the rest.
  ///
  /// A class with few genuine samples, such as a rare target class, would otherwise fill its quota with
  /// poison. Poison that the score sees lies in the more suspicious half as long as it is less than half
  /// of what `rank` leaves; and the other half gives room to classes whose scores are higher than those
  /// of others without being suspect.
  package static func eligibleShare(cleanShare: Double) -> Double { (1 + cleanShare) / 2 }

  /// Names the least suspicious of each class clean, and returns which classes had too few.
  private func takeBalanced(
    _ eligible: ArraySlice<Int>, count: Int, labels: [Int], flags: inout [SampleSplit.Flag]
  ) -> [SampleSplit.Shortfall] {
    let members = Dictionary(grouping: eligible) { labels[$0] }
    let classes = Set(labels).sorted()
    var shortfalls: [SampleSplit.Shortfall] = []
    for (position, label) in classes.enumerated() {
      let quota = count / classes.count + (position < count % classes.count ? 1 : 0)
      let taken = (members[label] ?? []).prefix(quota)
      for index in taken { flags[index] = .clean }
      if taken.count < quota {
        shortfalls.append(SampleSplit.Shortfall(label: label, quota: quota, count: taken.count))
      }
    }
    return shortfalls
  }
}
