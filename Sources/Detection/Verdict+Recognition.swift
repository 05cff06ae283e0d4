extension Verdict {
  /// This verdict, naming of some poisoned classes what is recognised by what their surest suspects have in common (see
  /// `RecognitionRule`).
  ///
  /// - Parameters:
  ///   - recognized: the probability that a sample is like those rather than like others of its label, `[count]`; of
  ///     other classes it does not count.
  ///   - classes: those that were asked about.
  ///   - labels: the given labels, `[count]`.
  package func naming(
    recognized: [Double], in classes: [Int], labels: [Int], by rule: RecognitionRule
  ) -> Verdict {
    if classes.isEmpty { return self }
    var (flags, confidences) = (flags, confidences)
    var counts: [Int: Int] = [:]
    var loose = flags.indices.count { flags[$0] == .poisoned && !classes.contains(labels[$0]) }
    for index in flags.indices where classes.contains(labels[index]) {
      let joint = rule.joint(confidences[index], recognized[index])
      confidences[index] = joint
      if joint >= rule.threshold {
        flags[index] = .poisoned
        counts[labels[index], default: 0] += 1
      } else if flags[index] == .poisoned || joint >= rule.looseThreshold {
        flags[index] = .uncertain
      }
      if joint >= rule.looseThreshold { loose += 1 }
    }
    let named = flags.count { $0 == .poisoned }
    return Verdict(
      state: state, reasons: reasons,
      evidence: evidence.map {
        classes.contains($0.label) ? $0.naming(counts[$0.label, default: 0], .recognized) : $0
      },
      flags: flags, confidences: confidences,
      countRange: min(countRange.lowerBound, named)...max(loose, named))
  }
}
