import Detection
import Testing

@Suite struct RecognitionRuleTests {
  private var rule: RecognitionRule {
    var rule = RecognitionRule()
    rule.fewest = 1
    return rule
  }

  private func evidence(_ label: Int, _ state: ClassEvidence.State, named: Int) -> ClassEvidence {
    ClassEvidence(
      label: label, size: 6, groupSize: named, certainSize: named, agreement: 0, usualAgreement: 1, state: state,
      named: named)
  }

  /// Of two classes of six samples: of the first four are named, the surest ones last, one is uncertain and one clean;
  /// of the second two are named.
  private let labels = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
  private func verdict(_ state: Verdict.State = .poisoned, _ kind: ClassEvidence.State = .poisoned) -> Verdict {
    Verdict(
      state: state, reasons: [], evidence: [evidence(0, kind, named: 4), evidence(1, .mixed, named: 2)],
      flags: [.clean, .uncertain, .poisoned, .poisoned, .poisoned, .poisoned]
        + [.poisoned, .poisoned, .clean, .clean, .clean, .clean],
      confidences: [0.01, 0.3, 0.5, 0.6, 0.8, 0.9] + [0.7, 0.8, 0.1, 0.1, 0.1, 0.1], countRange: 3...7)
  }

  @Test func whichClassesAreAskedAbout() {
    func found(_ verdict: Verdict, fewest: Int) -> [Int] {
      var rule = rule
      rule.fewest = fewest
      return rule.classes(of: verdict, labels: labels)
    }
    #expect(found(verdict(), fewest: 1) == [0, 1])
    #expect(found(verdict(), fewest: 2) == [1], "of the first class one is clean")
    #expect(found(verdict(), fewest: 3).isEmpty, "of the second two are named")
    #expect(found(verdict(.poisoned, .mixed), fewest: 1) == [0, 1])
    #expect(found(verdict(.poisoned, .easy), fewest: 1) == [1])
    // Where the label depends on the image, the suspects of a class have more in common than it knows.
    #expect(found(verdict(.poisoned, .foretold), fewest: 1) == [1])
    #expect(found(verdict(.poisoned, .recognized), fewest: 1) == [1], "once is enough")
    #expect(found(verdict(.inconclusive), fewest: 1).isEmpty)
  }

  /// The surest of each class that are named; with a check network, what keeps its label and is denied.
  @Test func core() {
    var rule = rule
    rule.coreShare = 0.5
    #expect(rule.core(of: verdict(), denials: [], labels: labels) == [4, 5, 7])
    rule.coreShare = 0.3
    #expect(rule.core(of: verdict(), denials: [], labels: labels) == [4, 5, 7], "1.2 and 0.6, rounded up")
    rule.coreShare = 0.25
    #expect(rule.core(of: verdict(), denials: [], labels: labels) == [5, 7])
    rule.coreShare = 0.5
    let denials = [0.5, 0.5, 0.99, 0.99, 0.5, 0.01] + [0.9, 0.2, 0, 0, 0, 0]
    #expect(rule.core(of: verdict(), denials: denials, labels: labels) == [2, 3, 6])
  }

  /// The core is a class of its own; of other suspects nothing is learned, those of other classes among them.
  @Test func whatIsLearned() {
    func targets(_ core: Set<Int>, _ classes: [Int], recognized: [Int: Double] = [:]) -> [Int?] {
      rule.targets(
        of: verdict(), core: core, classes: classes, recognized: labels.indices.map { recognized[$0] ?? 0 },
        labels: labels, classCount: 2)
    }
    #expect(targets([4, 5, 7], [0]) == [0, nil, nil, nil, 2, 2, nil, nil, 1, 1, 1, 1])
    #expect(targets([4, 5, 7], [0, 1]) == [0, nil, nil, nil, 2, 2, nil, 3, 1, 1, 1, 1])
    #expect(targets([5, 7], [1]) == [0, nil, nil, nil, nil, nil, nil, 2, 1, 1, 1, 1])
    // Nor of clean ones of the classes that are asked about that may be poison as well.
    #expect(
      targets([5, 7], [1], recognized: [0: 0.5, 8: 0.03, 9: 0.02])
        == [0, nil, nil, nil, nil, nil, nil, 2, nil, 1, 1, 1])
  }

  /// Where networks that have not seen the core do not know it, they have not learned what it has in common.
  @Test func whatIsRecognizable() {
    let targets: [Int?] = [2, 2, 2, 0, 3, 3, nil, 1]
    func found(_ recognized: [Double]) -> [Int] {
      rule.recognizable([0, 1], targets: targets, recognized: recognized, classCount: 2)
    }
    #expect(found([0.9, 0.9, 0.1, 0.9, 0.1, 0.9, 0.9, 0.9]) == [0, 1])
    #expect(found([0.9, 0.4, 0.1, 0.9, 0.1, 0.9, 0.9, 0.9]) == [1])
    #expect(found([0.9, 0.9, 0.1, 0.9, 0.4, 0.4, 0.9, 0.9]) == [0])
    #expect(rule.recognizable([0, 1], targets: [nil, 3], recognized: [1, 1], classCount: 2) == [1])
  }

  /// Of every target about as many in each part.
  @Test func parts() {
    let targets: [Int?] = (0..<100).map { $0 % 10 == 9 ? nil : $0 % 3 }
    let parts = rule.parts(of: targets, seed: 5)
    for target in 0..<3 {
      let members = targets.indices.filter { targets[$0] == target }
      #expect(abs(members.count { parts[$0] == 0 } - members.count { parts[$0] == 1 }) <= 1)
    }
    #expect(targets.indices.allSatisfy { (targets[$0] == nil) == (parts[$0] == -1) })
    #expect(rule.parts(of: targets, seed: 5) == parts && rule.parts(of: targets, seed: 6) != parts)
  }

  /// Odds multiply.
  @Test func jointProbability() {
    #expect(abs(rule.joint(0.5, 0.3) - 0.3) < 1e-4)
    #expect(abs(rule.joint(0.75, 0.75) - 0.9) < 1e-4)
    #expect(abs(rule.joint(0.9, 0.1) - 0.5) < 1e-4)
    #expect(rule.joint(1, 1) <= 1 && rule.joint(0, 0) >= 0 && abs(rule.joint(1, 0) - 0.5) < 1e-4)
  }

  @Test func whatIsNamed() {
    // The clean one of the class has the trigger, the surest but one suspect has not, the least sure one hardly.
    let recognized = [0.999, 0.4, 0.2, 0.9, 0.01, 0.9] + [0, 0, 0.9, 0, 0, 0]
    let found = verdict().naming(recognized: recognized, in: [0], labels: labels, by: rule)
    #expect(found.state == .poisoned)
    #expect(
      found.flags == [.poisoned, .uncertain, .uncertain, .poisoned, .uncertain, .poisoned]
        + [.poisoned, .poisoned, .clean, .clean, .clean, .clean])
    #expect(found.evidence.map(\.named) == [3, 2] && found.evidence.map(\.state) == [.recognized, .mixed])
    // Of the class that was not asked about, things are as they were.
    #expect(found.confidences[6...] == verdict().confidences[6...])
    #expect(abs(found.confidences[3] - rule.joint(0.6, 0.9)) < 1e-12)
    #expect(found.countRange == 3...7)
    #expect(found.named == [5, 3, 0, 7, 6])
  }

  /// No more are certain to be poison than are named.
  @Test func nothingIsRecognised() {
    let found = verdict().naming(
      recognized: labels.map { _ in 0 }, in: [0], labels: labels, by: rule)
    #expect(found.flags[0..<6] == [.clean, .uncertain, .uncertain, .uncertain, .uncertain, .uncertain])
    #expect(found.countRange.lowerBound == 2 && found.evidence.map(\.named) == [0, 2])
  }
}
