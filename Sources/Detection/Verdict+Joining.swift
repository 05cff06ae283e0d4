extension Verdict {
  /// One verdict of several on the same images that were reached independently, such as from other first
  /// networks: which triggers a network learns is a matter of luck near the limit, so that one of them may see
  /// what the others have missed.
  ///
  /// It says poisoned if at least `votes` of them do; a sample is named if at least so many name it, and clean
  /// if all of them take it for clean.
  ///
  /// - Parameters:
  ///   - verdicts: at least one, on equally many samples.
  ///   - votes: from 1 to their number.
  package static func joining(_ verdicts: [Verdict], votes: Int) -> Verdict {
    let poisoned = verdicts.filter { $0.state == .poisoned }
    let isPoisoned = poisoned.count >= votes
    let count = verdicts.first?.flags.count ?? 0
    let flags = (0..<count).map { index -> SampleSplit.Flag in
      let named = poisoned.count { $0.flags[index] == .poisoned }
      if isPoisoned && named >= votes { return .poisoned }
      return verdicts.allSatisfy { $0.flags[index] == .clean } ? .clean : .uncertain
    }
    // A sample is as sure as the surest of the verdicts that it is decided by.
    let deciding = isPoisoned ? poisoned : verdicts
    let confidences = (0..<count).map { index in deciding.map { $0.confidences[index] }.max() ?? 0 }
    var reasons: [Reason] = []
    for reason in verdicts.flatMap(\.reasons) where !reasons.contains(reason) { reasons.append(reason) }
    let named = flags.count { $0 == .poisoned }
    // At least so many of one verdict's samples are poison; it may have named some that are not named here.
    let low = poisoned.map { found in
      found.countRange.lowerBound
        - flags.indices.count { found.flags[$0] == .poisoned && flags[$0] != .poisoned }
    }.max() ?? 0
    let high = poisoned.map(\.countRange.upperBound).max() ?? 0
    return Verdict(
      state: isPoisoned
        ? .poisoned
        : verdicts.allSatisfy { $0.state == .nothingStandsOut } ? .nothingStandsOut : .inconclusive,
      reasons: isPoisoned ? [] : reasons + (poisoned.isEmpty ? [] : [.tooFewVotes(poisoned.count, needed: votes)]),
      evidence: strongestEvidence(deciding), flags: flags, confidences: confidences,
      countRange: isPoisoned ? min(max(low, 0), named)...max(high, named) : 0...0)
  }

  /// For each class the row of the verdict that names the most of it, the largest group of equal ones.
  private static func strongestEvidence(_ verdicts: [Verdict]) -> [ClassEvidence] {
    var best: [Int: ClassEvidence] = [:]
    for found in verdicts.flatMap(\.evidence) {
      if let known = best[found.label],
        (known.named, known.groupSize) >= (found.named, found.groupSize)
      {
        continue
      }
      best[found.label] = found
    }
    return best.values.sorted { $0.label < $1.label }
  }
}
