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
  private func joining(_ verdicts: [Verdict], votes: Int, labels: [Int] = [1, 1, 1, 1]) -> Verdict {
    Verdict.joining(verdicts, votes: votes, labels: labels)
  }

  private var nothing: Verdict { verdict(.nothingStandsOut, [.clean, .clean, .clean, .clean]) }

  @Test func oneVoteIsEnough() {
    let joint = joining([nothing, first, second], votes: 1)
    #expect(joint.state == .poisoned && joint.reasons.isEmpty)
    #expect(joint.flags == [.poisoned, .poisoned, .poisoned, .uncertain])
    #expect(joint.named == [0, 1, 2])
    #expect(joint.confidences == [0.9, 0.8, 0.7, 0.3])
    // The first would name three by a looser threshold, and the second names one that the first does not.
    #expect(joint.countRange == 2...4)
    #expect(joint.evidence.map(\.named) == [3])
    #expect(joint.evidence.map(\.state) == [.poisoned])
  }

  /// Rows of classes say how many are named of each, and a class of which none is named is not poisoned.
  @Test func namedOfEachClass() {
    let joint = joining([first, second], votes: 2, labels: [1, 0, 1, 1])
    #expect(joint.named == [1] && joint.state == .poisoned)
    #expect(joint.evidence.map(\.named) == [0] && joint.evidence.map(\.state) == [.doubtful])
  }

  /// Two verdicts that name different samples do not agree.
  @Test func differentSamples() {
    let third = verdict(.poisoned, [.clean, .clean, .clean, .poisoned], range: 1...1, named: 1)
    let joint = joining([first, third], votes: 2)
    #expect(joint.state == .inconclusive && joint.reasons == [.tooFewVotes(1, needed: 2)])
    #expect(joint.named.isEmpty && joint.countRange == 0...0)
    #expect(joining([first, third], votes: 1).countRange == 1...4)
  }

  @Test func twoVotes() {
    let joint = joining([first, nothing, second], votes: 2)
    #expect(joint.state == .poisoned)
    #expect(joint.flags == [.uncertain, .poisoned, .uncertain, .uncertain])
    // Of the two poisoned ones among the samples of the second, one may be that which is not named here.
    #expect(joint.countRange == 1...3)
    let alone = joining([first, nothing, nothing], votes: 2)
    #expect(alone.state == .inconclusive && alone.reasons == [.tooFewVotes(1, needed: 2)])
    #expect(alone.named.isEmpty && alone.flags == [.uncertain, .uncertain, .clean, .uncertain])
  }

  @Test func nothingAnywhere() {
    #expect(joining([nothing, nothing], votes: 1).state == .nothingStandsOut)
    let doubtful = verdict(
      .inconclusive, [.clean, .uncertain, .clean, .clean], reasons: [.doubtfulClasses([1])])
    let joint = joining([nothing, doubtful, doubtful], votes: 1)
    #expect(joint.state == .inconclusive && joint.reasons == [.doubtfulClasses([1])])
    #expect(joint.flags == [.clean, .uncertain, .clean, .clean])
  }
}
