import Detection
import Testing

@Suite struct VerdictJoiningTests {
  private typealias Flag = SampleSplit.Flag

  private func verdict(
    _ state: Verdict.State, _ flags: [Flag], _ confidences: [Double]? = nil, range: ClosedRange<Int> = 0...0,
    reasons: [Verdict.Reason] = [], named: Int = 0
  ) -> Verdict {
    Verdict(
      state: state, reasons: reasons,
      evidence: [
        ClassEvidence(
          label: 1, size: 4, groupSize: named, certainSize: named, agreement: 0, usualAgreement: 1,
          state: named > 0 ? .poisoned : .few, named: named)
      ], flags: flags, confidences: confidences ?? flags.map { _ in 0.1 }, countRange: range)
  }

  private var first: Verdict {
    verdict(
      .poisoned, [.poisoned, .poisoned, .clean, .uncertain], [0.9, 0.6, 0.1, 0.3], range: 1...3, named: 2)
  }
  private var second: Verdict {
    verdict(.poisoned, [.clean, .poisoned, .poisoned, .clean], [0.2, 0.8, 0.7, 0.1], range: 2...2, named: 2)
  }
  private var nothing: Verdict { verdict(.nothingStandsOut, [.clean, .clean, .clean, .clean]) }

  @Test func oneVoteIsEnough() {
    let joint = Verdict.joining([nothing, first, second], votes: 1)
    #expect(joint.state == .poisoned && joint.reasons.isEmpty)
    #expect(joint.flags == [.poisoned, .poisoned, .poisoned, .uncertain])
    #expect(joint.named == [0, 1, 2])
    #expect(joint.confidences == [0.9, 0.8, 0.7, 0.3])
    #expect(joint.countRange == 2...3)
    #expect(joint.evidence.map(\.named) == [2])
  }

  @Test func twoVotes() {
    let joint = Verdict.joining([first, nothing, second], votes: 2)
    #expect(joint.state == .poisoned)
    #expect(joint.flags == [.uncertain, .poisoned, .uncertain, .uncertain])
    // Of the two poisoned ones among the samples of the second, one may be that which is not named here.
    #expect(joint.countRange == 1...3)
    let alone = Verdict.joining([first, nothing, nothing], votes: 2)
    #expect(alone.state == .inconclusive && alone.reasons == [.tooFewVotes(1, needed: 2)])
    #expect(alone.named.isEmpty && alone.flags == [.uncertain, .uncertain, .clean, .uncertain])
  }

  @Test func nothingAnywhere() {
    #expect(Verdict.joining([nothing, nothing], votes: 1).state == .nothingStandsOut)
    let doubtful = verdict(
      .inconclusive, [.clean, .uncertain, .clean, .clean], reasons: [.doubtfulClasses([1])])
    let joint = Verdict.joining([nothing, doubtful, doubtful], votes: 1)
    #expect(joint.state == .inconclusive && joint.reasons == [.doubtfulClasses([1])])
    #expect(joint.flags == [.clean, .uncertain, .clean, .clean])
  }
}
