/// Why samples could not be split.
package enum SplitError: Error, Hashable, Sendable {
  case notFinite(score: Double, index: Int)
  case emptySet(SampleSplit.Flag, share: Double, count: Int)
  case nothingPoisoned(cleanRule: CleanSelection)
}

extension SplitError: CustomStringConvertible {
  package var description: String {
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
