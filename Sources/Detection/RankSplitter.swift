/// Splits samples by rank of their scores (method 4.5).
public struct RankSplitter: Sendable {
  /// α_c and α_p.
  public let cleanShare: Double
  public let poisonedShare: Double
  public let selection: CleanSelection

  public init(cleanShare: Double, poisonedShare: Double, selection: CleanSelection) {
    self.cleanShare = cleanShare
    self.poisonedShare = poisonedShare
    self.selection = selection
  }

  /// - Parameters:
  ///   - scores: larger is more suspicious, `[count]`.
  ///   - labels: the given labels, `[count]`.
  /// - Throws: `SplitError` when a score is not a number or a set would be empty.
  public func split(scores: [Double], labels: [Int]) throws(SplitError) -> SampleSplit {
    if let index = scores.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(score: scores[index], index: index)
    }
    let cleanCount = Int(cleanShare * Double(scores.count) + 1e-9)
    let poisonedCount = Int(poisonedShare * Double(scores.count) + 1e-9)
    guard cleanCount > 0 else { throw .emptySet(.clean, share: cleanShare, count: scores.count) }
    guard poisonedCount > 0 else {
      throw .emptySet(.poisoned, share: poisonedShare, count: scores.count)
    }
    // Ties are broken by index, so that the result does not depend on the sort.
    let ranking = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    var flags = [SampleSplit.Flag](repeating: .uncertain, count: scores.count)
    for index in ranking.suffix(poisonedCount) { flags[index] = .poisoned }
    // The authors' rule asks first whether a sample is clean; the others never touch a suspect.
    let candidates = selection == .published ? ranking : ranking.dropLast(poisonedCount)
    for index in clean(candidates, count: cleanCount, scores: scores, labels: labels) {
      flags[index] = .clean
    }
    guard flags.contains(.poisoned) else { throw .nothingPoisoned(cleanRule: selection) }
    let cleanScores = scores.indices.lazy.filter { flags[$0] == .clean }.map { scores[$0] }
    let poisonedScores = scores.indices.lazy.filter { flags[$0] == .poisoned }.map { scores[$0] }
    return SampleSplit(
      flags: flags, cleanThreshold: cleanScores.max() ?? 0,
      poisonedThreshold: poisonedScores.min() ?? 0)
  }

  private func clean(_ ranking: [Int], count: Int, scores: [Double], labels: [Int]) -> [Int] {
    switch selection {
    case .rank:
      return Array(ranking.prefix(count))
    case .zeros:
      return ranking.prefix(count) + ranking.dropFirst(count).prefix { scores[$0] == 0 }
    case .published:
      let threshold = scores[ranking[min(count, ranking.count - 1)]]
      return Array(ranking.prefix { scores[$0] <= threshold })
    case .balanced:
      let members = Dictionary(grouping: ranking) { labels[$0] }.sorted { $0.key < $1.key }
      return members.enumerated().flatMap { position, entry in
        let quota = count / members.count + (position < count % members.count ? 1 : 0)
        return entry.value.prefix(quota)
      }
    }
  }
}
