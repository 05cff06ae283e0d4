/// Whether a training set is poisoned, which samples are, and on what evidence.
package struct Verdict: Hashable, Sendable {
  package enum State: String, CaseIterable, Hashable, Sendable {
    case poisoned
    case nothingStandsOut = "nothing-stands-out"
    case inconclusive
  }

  /// Why there is no verdict.
  package enum Reason: Hashable, Sendable, Codable {
    case tooFewImages(Int, needed: Int)
    case oneClass
    case equalImages
    /// No image's label was forgotten in confusion training, so that there is nothing to hold suspects against.
    case noBase
    /// The check network is hardly better than guessing on what it was trained on.
    case nothingLearned(accuracy: Double, guessing: Double)
    /// Classes with too few images to be judged.
    case smallClasses([Int], needed: Int)
    /// Classes of which the check network confirms some suspects and not others.
    case doubtfulClasses([Int])
    /// No sample is named by as many of several verdicts as asked for.
    case tooFewVotes(Int, needed: Int)

    /// Whether nothing at all can be said.
    package var isFatal: Bool {
      switch self {
      case .tooFewImages, .oneClass, .equalImages, .noBase, .nothingLearned: true
      case .smallClasses, .doubtfulClasses, .tooFewVotes: false
      }
    }
  }

  package let state: State
  /// Of `inconclusive`.
  package let reasons: [Reason]
  /// For the classes of which some sample is still fitted, ascending.
  package let evidence: [ClassEvidence]
  /// What each sample is taken for.
  package let flags: [SampleSplit.Flag]
  /// How fitted each sample still is, from 0 to 1: for those named poisoned, how sure that is.
  package let confidences: [Double]
  /// How many samples are poisoned, as far as can be told from those that keep their label. The lower end: how
  /// many of those named are, at the least, by how often the check network agrees with them (some 95%). The
  /// upper end: how many a looser threshold would name. Poison whose label was forgotten is in neither.
  package let countRange: ClosedRange<Int>

  package init(
    state: State, reasons: [Reason], evidence: [ClassEvidence], flags: [SampleSplit.Flag],
    confidences: [Double], countRange: ClosedRange<Int>
  ) {
    self.state = state
    self.reasons = reasons
    self.evidence = evidence
    self.flags = flags
    self.confidences = confidences
    self.countRange = countRange
  }

  /// This verdict, after an earlier one that did not say poisoned: what was doubtful then still is, unless
  /// poison was found now.
  package func following(_ earlier: Verdict) -> Verdict {
    guard state != .poisoned else { return self }
    let all = reasons + earlier.reasons.filter { !reasons.contains($0) }
    let flags = zip(flags, earlier.flags).map { $0 == .clean ? $1 : $0 }
    return Verdict(
      state: all.isEmpty ? .nothingStandsOut : .inconclusive, reasons: all, evidence: evidence, flags: flags,
      confidences: confidences, countRange: countRange)
  }

  /// An earlier verdict that did not say poisoned, after this one by another check network: the poison of this one,
  /// or else the earlier one less its doubts about groups that are easy to this one, which adds none of its own. One of
  /// which nothing can be said settles nothing.
  package func settling(_ earlier: Verdict) -> Verdict {
    guard state != .poisoned else { return self }
    guard !reasons.contains(where: \.isFatal) else { return earlier }
    let open = Set(earlier.evidence.filter { $0.state == .doubtful || $0.state == .confusable }.map(\.label))
    let settled = Dictionary(
      uniqueKeysWithValues: evidence.filter { $0.state == .easy && open.contains($0.label) }.map { ($0.label, $0) })
    let reasons = earlier.reasons.compactMap { reason -> Reason? in
      guard case .doubtfulClasses(let labels) = reason else { return reason }
      let rest = labels.filter { settled[$0] == nil }
      return rest.isEmpty ? nil : .doubtfulClasses(rest)
    }
    return Verdict(
      state: reasons.isEmpty ? .nothingStandsOut : .inconclusive, reasons: reasons,
      evidence: earlier.evidence.map { settled[$0.label] ?? $0 },
      flags: zip(flags, earlier.flags).map { now, then in now == .clean ? now : then },
      confidences: earlier.confidences, countRange: earlier.countRange)
  }

  /// Classes with a group that keeps its label and is not taken for poison, ascending.
  package var suspectClasses: [Int] {
    evidence.filter { $0.state != .few && !$0.state.isPoison }.map(\.label).sorted()
  }

  /// The samples named poisoned, the surest first.
  package var named: [Int] {
    flags.indices.filter { flags[$0] == .poisoned }
      .sorted { (confidences[$1], $0) < (confidences[$0], $1) }
  }
}
