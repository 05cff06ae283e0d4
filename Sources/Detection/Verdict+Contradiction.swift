extension Verdict {
  /// This verdict, which did not find poison, after something in the images was found to foretell which labels
  /// contradict them (see `ContradictionRule`): it says poisoned, and names what is marked.
  ///
  /// Where nothing at all can be said of a set, that stays so.
  ///
  /// - Parameters:
  ///   - scores: the foretold probability of a contradiction, `[count]`.
  ///   - contradicts: whether the check network takes the image for another class than the given one, `[count]`.
  ///   - labels: the given labels, `[count]`.
  package func foretold(
    scores: [Double], contradicts: [Bool], labels: [Int], by rule: ContradictionRule
  ) -> Verdict {
    guard state != .poisoned, !reasons.contains(where: \.isFatal) else { return self }
    let isMarked = scores.map(rule.isMarked)
    var members: [Int: [Int]] = [:]
    for (index, label) in labels.enumerated() { members[label, default: []].append(index) }
    func agreement(_ indices: [Int]) -> Double {
      Double(indices.count { !contradicts[$0] }) / Double(max(indices.count, 1))
    }
    let found = members.sorted { $0.key < $1.key }.compactMap { label, all -> ClassEvidence? in
      let marked = all.filter { isMarked[$0] }
      guard !marked.isEmpty else { return nil }
      return ClassEvidence(
        label: label, size: all.count, groupSize: marked.count, certainSize: marked.count,
        agreement: agreement(marked), usualAgreement: agreement(all.filter { !isMarked[$0] }), state: .foretold,
        named: marked.count)
    }
    let named = isMarked.count { $0 }
    guard named > 0 else { return self }
    let low = found.reduce(0) { $0 + $1.fewestPoisoned(of: $1.groupSize, agreeing: $1.agreement, floor: 0) }
    let high = scores.count { $0 >= rule.looseThreshold }
    let taken = Set(found.map(\.label))
    return Verdict(
      state: .poisoned, reasons: [],
      evidence: (found + evidence.filter { !taken.contains($0.label) }).sorted { $0.label < $1.label },
      flags: flags.indices.map { index in
        isMarked[index] ? .poisoned : scores[index] >= rule.looseThreshold ? .uncertain : flags[index]
      },
      confidences: scores, countRange: min(low, named)...max(high, named))
  }
}
