/// What of triggers of our own was found, in copies of a set: what would have been found in it.
package struct DetectionPower: Hashable, Sendable {
  package let controls: [ControlOutcome]
  /// Samples of the copies that are named without being a control or a placebo.
  package let othersNamed: Int

  package init(controls: [ControlOutcome], othersNamed: Int) {
    self.controls = controls
    self.othersNamed = othersNamed
  }
}

/// What the verdict on a copy made of one trigger that was planted in it.
package struct ControlOutcome: Hashable, Sendable {
  /// The kind of trigger, as in artifacts and as in a sentence: "patch", "a patch in a corner".
  package let name: String
  package let phrase: String
  /// The class that its samples are labelled.
  package let target: Int
  /// Samples of the copy.
  package let total: Int
  /// Samples with the trigger, and how many of them are named poisoned.
  package let planted: Int
  package let named: Int
  /// Samples with another trigger of the kind that keep their labels, and how many of them are named poisoned.
  package let placebos: Int
  package let placebosNamed: Int
  /// Whether the verdict calls the class poisoned.
  package let isCalled: Bool

  package init(
    name: String, phrase: String, target: Int, total: Int, planted: Int, named: Int, placebos: Int,
    placebosNamed: Int, isCalled: Bool
  ) {
    self.name = name
    self.phrase = phrase
    self.target = target
    self.total = total
    self.planted = planted
    self.named = named
    self.placebos = placebos
    self.placebosNamed = placebosNamed
    self.isCalled = isCalled
  }

  /// - Parameters:
  ///   - planted, placebos: indices of samples.
  ///   - verdict: on the copy.
  package init(
    name: String, phrase: String, target: Int, planted: [Int], placebos: [Int], in verdict: Verdict
  ) {
    func named(_ indices: [Int]) -> Int { indices.count { verdict.flags[$0] == .poisoned } }
    self.init(
      name: name, phrase: phrase, target: target, total: verdict.flags.count, planted: planted.count,
      named: named(planted), placebos: placebos.count, placebosNamed: named(placebos),
      isCalled: verdict.state == .poisoned
        && verdict.evidence.contains { $0.label == target && $0.state.isPoison })
  }

  /// Whether it is found: its class is called poisoned, and half of its samples at least are named.
  package var isFound: Bool { isCalled && 2 * named >= planted }
  /// Of all samples.
  package var share: Double { Double(planted) / Double(max(total, 1)) }
}
