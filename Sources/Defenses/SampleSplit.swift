/// The division of a training set by suspicion: clean, poisoned, and uncertain in between.
public struct SampleSplit: Hashable, Sendable {
  /// What a sample is taken for. The raw values are the published flags.
  public enum Flag: UInt8, Sendable {
    case clean = 0
    case uncertain = 1
    case poisoned = 2
  }

  public let flags: [Flag]
  /// The largest score among the clean and the smallest among the poisoned.
  public let cleanThreshold: Double
  public let poisonedThreshold: Double

  public init(flags: [Flag], cleanThreshold: Double, poisonedThreshold: Double) {
    self.flags = flags
    self.cleanThreshold = cleanThreshold
    self.poisonedThreshold = poisonedThreshold
  }

  public func indices(of flag: Flag) -> [Int] { flags.indices.filter { flags[$0] == flag } }

  /// How many samples of each given label have a flag, `[classCount]`.
  public func classSizes(of flag: Flag, labels: [Int], classCount: Int) -> [Int] {
    var sizes = [Int](repeating: 0, count: classCount)
    for index in indices(of: flag) { sizes[labels[index]] += 1 }
    return sizes
  }
}

/// Which samples become the clean set.
public enum CleanSelection: String, CaseIterable, Hashable, Sendable {
  /// The ⌊share · N⌋ least suspicious; among equals the ones that come first.
  case rank
  /// The same number, but the same share of each given class, as far as its size allows.
  case balanced
  /// `rank`, and besides every sample with a score of exactly zero.
  case zeros
  /// The authors' rule: every sample at or below the score of rank ⌊share · N⌋, so all ties with it.
  case published
}

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

/// Why samples could not be split.
public enum SplitError: Error, Hashable, Sendable {
  case notFinite(score: Double, index: Int)
  case emptySet(SampleSplit.Flag, share: Double, count: Int)
  case nothingPoisoned(cleanRule: CleanSelection)
}

extension SplitError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFinite(let score, let index):
      "the score of sample \(index) is \(score); scores must be finite numbers"
    case .emptySet(let flag, let share, let count):
      "a share of \(share) of \(count) samples leaves the \(flag) set empty"
    case .nothingPoisoned(let rule):
      """
      the rule '\(rule.rawValue)' took every sample for clean: the scores do not differ, so they tell \
      nothing; train the scoring model differently
      """
    }
  }
}
