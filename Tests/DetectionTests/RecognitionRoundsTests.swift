import Detection
import Testing

@Suite struct RecognitionRoundsTests {
  /// A class of 100 samples, the first 60 of them poison, of which 10 keep their label; one of 40 in which nothing is.
  private let labels = [Int](repeating: 0, count: 100) + [Int](repeating: 1, count: 40)
  private let poison = 0..<60

  private var rule: RecognitionRule {
    var rule = RecognitionRule()
    rule.fewest = 4
    rule.coreShare = 0.5
    return rule
  }

  private func found(_ state: Verdict.State = .poisoned) -> Verdict {
    Verdict(
      state: state, reasons: [],
      evidence: [
        ClassEvidence(
          label: 0, size: 100, groupSize: 10, certainSize: 10, agreement: 0, usualAgreement: 1, state: .poisoned,
          named: 10)
      ],
      flags: labels.indices.map { $0 < 10 ? .poisoned : .clean },
      confidences: labels.indices.map { $0 < 10 ? 0.9 - 0.01 * Double($0) : 0.1 }, countRange: 8...12)
  }

  private func rounds(_ rule: RecognitionRule? = nil, of state: Verdict.State = .poisoned) -> RecognitionRounds {
    RecognitionRounds(after: found(state), denials: [], labels: labels, classCount: 2, by: rule ?? self.rule, seed: 3)
  }

  /// What networks say that know the trigger on the first `reach` samples, each of those that it has not seen.
  private func results(of rounds: RecognitionRounds, reach: Int) -> [[Double]] {
    (0..<rule.parts).map { part in
      labels.indices.map { index in
        guard rounds.classes.contains(labels[index]), rounds.parts[index] < 0 || rounds.parts[index] == part
        else { return 0 }
        return index < reach ? 0.99 : 0.01
      }
    }
  }

  /// More poison is known from round to round; the one that adds little is the last.
  @Test func whileMoreIsNamed() {
    let start = rounds()
    #expect(start.classes == [0] && start.count == 0 && start.verdict == found())
    // The surest half is learned as a class of its own, the other suspects are not.
    #expect(start.targets.prefix(11).map { $0 ?? -1 } == [2, 2, 2, 2, 2, -1, -1, -1, -1, -1, 0])

    var all = results(of: start, reach: 25)
    let second = start.adding(all)
    #expect(second.count == 1 && second.verdict.named.sorted() == Array(0..<25))
    #expect(second.classes == [0] && second.targets.prefix(26).map { $0 ?? -1 } == [Int](repeating: 2, count: 25) + [0])
    #expect(second.verdict.evidence.map(\.state) == [.recognized] && second.verdict.evidence.map(\.named) == [25])

    all += results(of: second, reach: 58)
    let third = start.adding(all)
    #expect(third.verdict.named.sorted() == Array(0..<58) && third.classes == [0])

    all += results(of: third, reach: poison.upperBound)
    let last = start.adding(all)
    #expect(last.count == 3 && last.verdict.named.sorted() == Array(poison))
    #expect(last.classes.isEmpty && last.unknown.isEmpty)
    // What was found by labels counts once, however many rounds there are.
    #expect(abs(last.verdict.confidences[30] - rule.joint(0.1, 0.99)) < 1e-12)
    // Nothing comes of more networks.
    #expect(start.adding(all + all).verdict == last.verdict)
  }

  /// A round is complete when each part has its network.
  @Test func partOfARound() {
    let start = rounds()
    let half = start.adding([results(of: start, reach: 25)[0]])
    #expect(half.count == 0 && half.verdict == start.verdict && half.targets == start.targets)
  }

  @Test func mostRounds() {
    var rule = rule
    rule.mostRounds = 1
    let start = rounds(rule)
    let last = start.adding(results(of: start, reach: 25))
    #expect(last.classes.isEmpty && last.verdict.named.count == 25)
    rule.mostRounds = 6
    rule.growth = 2
    let other = rounds(rule)
    #expect(other.adding(results(of: other, reach: 25)).classes.isEmpty, "25 are not three times 10")
    #expect(other.adding(results(of: other, reach: 40)).classes == [0])
  }

  /// Where many of the class are neither recognised nor not, some of the core were clean, and what the next round would
  /// name is clean as well. Such ones are not learned as clean.
  @Test func noGapToTheRest() {
    let start = rounds()
    func next(doubtful: Range<Int>) -> RecognitionRounds {
      start.adding(
        results(of: start, reach: 25).map { part in
          part.indices.map { doubtful.contains($0) && part[$0] > 0 ? 0.3 : part[$0] }
        })
    }
    // 90 were learned as clean, of which 15 are named.
    let another = next(doubtful: 60..<71)
    #expect(another.classes == [0] && another.verdict.named.count == 25)
    #expect(another.targets[59..<72].map { $0 ?? -1 } == [0] + [Int](repeating: -1, count: 11) + [0])
    let last = next(doubtful: 60..<72)
    #expect(last.classes.isEmpty && last.verdict.named.count == 25)
  }

  /// Others in place of suspects are no growth; the suspects are uncertain then, and it takes a second round.
  @Test func othersInPlaceOfSome() {
    let start = rounds()
    func without(_ suspects: Range<Int>, _ results: [[Double]]) -> [[Double]] {
      results.map { part in part.indices.map { suspects.contains($0) ? 0.01 : part[$0] } }
    }
    // Of the suspects that were not learned four are not like the core.
    let first = without(5..<9, results(of: start, reach: 14))
    let second = start.adding(first)
    #expect(second.verdict.named.sorted() == Array(0..<5) + Array(9..<14))
    #expect(second.count == 1 && second.classes == [0])
    let last = start.adding(first + without(5..<9, results(of: second, reach: 14)))
    #expect(last.verdict.named == second.verdict.named && last.count == 2 && last.classes.isEmpty)
    // Four of ten are not many where three times as many are asked for.
    var rule = rule
    rule.growth = 2
    let few = rounds(rule)
    #expect(few.adding(without(5..<9, results(of: few, reach: 14))).classes.isEmpty)
  }

  /// A core that is not recognised names nothing; in a later round that leaves what the one before has named.
  @Test func coresThatAreNotRecognized() {
    let start = rounds()
    let nothing = start.adding(results(of: start, reach: 0))
    #expect(nothing.verdict == found() && nothing.unknown == [0] && nothing.classes.isEmpty)

    let first = results(of: start, reach: 25)
    let second = start.adding(first)
    let last = start.adding(first + results(of: second, reach: 3))
    #expect(last.verdict == second.verdict && last.recognized == second.recognized)
    #expect(last.unknown.isEmpty && last.classes.isEmpty && last.count == 2)
  }

  @Test func nothingToAsk() {
    let start = rounds(of: .inconclusive)
    #expect(start.classes.isEmpty && start.unknown.isEmpty && start.verdict == found(.inconclusive))
  }
}
