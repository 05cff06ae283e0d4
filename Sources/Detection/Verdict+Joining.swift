extension Verdict {
  /// One verdict of several on the same images that were reached independently, such as from other first
  /// networks: which triggers a network learns is a matter of luck near the limit, so that one of them may see
  /// what the others have missed.
  ///
  /// A sample is named if at least `votes` of those that say poisoned name it, and clean if all of them take it for
  /// clean. The joint verdict says poisoned if a sample is named: verdicts that say so of different samples do not
  /// agree.
  ///
  /// - Parameters:
  ///   - verdicts: at least one, on the same samples.
  ///   - votes: from 1 to their number.
  ///   - labels: the given labels of the samples, `[count]`.
  package static func joining(_ verdicts: [Verdict], votes: Int, labels: [Int]) -> Verdict {
    let poisoned = verdicts.filter { $0.state == .poisoned }
    let supports = labels.indices.map { index in poisoned.count { $0.flags[index] == .poisoned } }
    let isPoisoned = supports.contains { $0 >= votes }
    let count = labels.count
    let flags = (0..<count).map { index -> SampleSplit.Flag in
      if supports[index] >= votes { return .poisoned }
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
    // And what others name may be beside all that one of them would name by a looser threshold.
    let high = poisoned.map { found in
      found.countRange.upperBound
        + flags.indices.count { found.flags[$0] != .poisoned && flags[$0] == .poisoned }
    }.max() ?? 0
    return Verdict(
      state: isPoisoned
        ? .poisoned
        : verdicts.allSatisfy { $0.state == .nothingStandsOut } ? .nothingStandsOut : .inconclusive,
      reasons: isPoisoned ? [] : reasons + (poisoned.isEmpty ? [] : [.tooFewVotes(supports.max() ?? 0, needed: votes)]),
      evidence: strongestEvidence(deciding).map { found in
        let named = flags.indices.count { labels[$0] == found.label && flags[$0] == .poisoned }
        return found.naming(named, found.state.isPoison && named == 0 ? .doubtful : nil)
      }, flags: flags, confidences: confidences,
      countRange: isPoisoned ? min(max(low, 0), named)...max(min(high, count), named) : 0...0)
  }

  /// For each class the row of the verdict that names the most of it, of several the one with the largest group.
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
