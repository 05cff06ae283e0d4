extension Verdict {
  /// This verdict, after triggers were found in the images of some classes (see `PatternRule`): it says poisoned, and
  /// names of these classes what has the trigger. What it had named besides of them is uncertain.
  ///
  /// Where nothing at all can be said of a set, that stays so.
  ///
  /// - Parameters:
  ///   - triggers: the class of each, and what share of other images was taken for it with the trigger.
  ///   - probabilities: that an image has the trigger of its class, `[count]`; 0 in other classes.
  ///   - predictions: of the check network, `[count]`; empty where none was trained.
  ///   - labels: the given labels, `[count]`.
  package func showing(
    _ triggers: [(label: Int, transplanted: Double)], probabilities: [Double], predictions: [Int], labels: [Int]
  ) -> Verdict {
    guard !triggers.isEmpty, !reasons.contains(where: \.isFatal) else { return self }
    let isOwner = probabilities.map { $0 >= 0.5 }
    func agreement(_ indices: [Int]) -> Double {
      guard !indices.isEmpty, !predictions.isEmpty else { return 0 }
      return Double(indices.count { predictions[$0] == labels[$0] }) / Double(indices.count)
    }
    let found = triggers.map { trigger -> ClassEvidence in
      let members = labels.indices.filter { labels[$0] == trigger.label }
      let owners = members.filter { isOwner[$0] }
      return ClassEvidence(
        label: trigger.label, size: members.count, groupSize: owners.count, certainSize: owners.count,
        agreement: agreement(owners), usualAgreement: agreement(members.filter { !isOwner[$0] }), state: .triggered,
        named: owners.count, transplanted: trigger.transplanted)
    }
    let classes = Set(triggers.map(\.label))
    var (flags, confidences) = (flags, confidences)
    let before = named
    let others = before.count { !classes.contains(labels[$0]) }
    for index in flags.indices where classes.contains(labels[index]) {
      confidences[index] = probabilities[index]
      flags[index] = isOwner[index] ? .poisoned : flags[index] == .clean ? .clean : .uncertain
    }
    // Of the range before, what is not of these classes.
    let owners = found.reduce(0) { $0 + $1.named }
    let (low, high) = (
      min(max(countRange.lowerBound - (before.count - others), 0), others),
      others == 0 ? 0 : max(countRange.upperBound - (before.count - others), others)
    )
    return Verdict(
      state: .poisoned, reasons: [],
      evidence: (found + evidence.filter { !classes.contains($0.label) }).sorted { $0.label < $1.label },
      flags: flags, confidences: confidences,
      countRange: owners + low...owners + high)
  }
}
