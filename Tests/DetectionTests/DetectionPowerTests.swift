import Detection
import Testing

/// What a verdict on a copy says of a control in it.
@Suite struct DetectionPowerTests {
  /// A verdict on 100 samples by which some are poison of class 3.
  private func verdict(named: Range<Int>, _ state: ClassEvidence.State = .poisoned) -> Verdict {
    Verdict(
      state: state == .poisoned ? .poisoned : .inconclusive, reasons: [],
      evidence: [
        ClassEvidence(
          label: 3, size: 30, groupSize: 20, certainSize: 20, agreement: 0, usualAgreement: 0.9, state: state,
          named: named.count)
      ],
      flags: (0..<100).map { named.contains($0) ? .poisoned : .clean }, confidences: (0..<100).map { _ in 0.5 },
      countRange: 0...100)
  }

  private func outcome(_ verdict: Verdict, target: Int = 3) -> ControlOutcome {
    ControlOutcome(
      name: "patch", phrase: "a patch", target: target, planted: Array(0..<20), placebos: Array(50..<60), in: verdict)
  }

  @Test func found() {
    let found = outcome(verdict(named: 10..<52))
    #expect(found.planted == 20 && found.named == 10 && found.placebos == 10 && found.placebosNamed == 2)
    #expect(found.isCalled && found.isFound && found.share == 0.2 && found.total == 100)
  }

  /// Too few of it are named, or its class is not called poisoned.
  @Test func missed() {
    let few = outcome(verdict(named: 11..<52))
    #expect(few.isCalled && !few.isFound)
    #expect(!outcome(verdict(named: 0..<20, .doubtful)).isFound)
    #expect(!outcome(verdict(named: 0..<20), target: 4).isCalled)
  }
}
