import Detection
import Foundation
import Testing

@Suite struct RankingTests {
  @Test func sharesAreRanksOverTheirNumber() {
    #expect(Ranking.shares(of: [0.3, 0.1, 0.9, 0.2]) == [0.75, 0.25, 1, 0.5])
    // Equal values share the mean of the ranks 2, 3 and 4.
    #expect(Ranking.shares(of: [5, 1, 5, 5, 7]) == [0.6, 0.2, 0.6, 0.6, 1])
    #expect(Ranking.shares(of: []) == [])
  }

  @Test func logitsAreFinite() {
    #expect(Ranking.logit(0.5) == 0)
    #expect(abs(Ranking.logit(0.9) - log(9)) < 1e-5)
    #expect(abs(Ranking.logit(0) + log(1e6)) < 1e-5)
    #expect(Ranking.logit(1) == -Ranking.logit(0))
  }

  @Test func meanByLogitIsBetween() {
    let mean = Ranking.meanByLogit([[0.5, 0.2, 0, 0.9], [0.5, 0.8, 1, 0.9]])
    #expect(zip(mean, [0.5, 0.5, 0.5, 0.9]).allSatisfy { abs($0 - $1) < 1e-5 })
    // Not the mean of the probabilities: 0.99 has a logit of 4.6, 0.5 one of 0.
    #expect(abs(Ranking.meanByLogit([[0.99], [0.5]])[0] - 0.9087) < 1e-3)
  }

  /// What chance gives a label is a tenth, of however few classes.
  @Test func probabilitiesAsAmongTen() {
    func found(_ probabilities: [Double], _ classCount: Int) -> [Double] {
      LabelFit(probabilities: probabilities, windowed: [0.3]).asAmongTen(classCount: classCount).probabilities
    }
    for count in 2...9 { #expect(abs(found([1 / Double(count)], count)[0] - 0.1) < 1e-5) }
    // Odds of 9 to 1 among three, where chance has 1 to 2, are 2 to 1 where it has 1 to 9.
    #expect(abs(found([0.9], 3)[0] - 2.0 / 3) < 1e-5)
    let all = found([0, 0.2, 0.9, 1], 2)
    #expect(all == all.sorted() && Set(all).count == 4 && all[0] < 1e-5 && all[3] > 0.9999)
    for count in [1, 10, 200] { #expect(found([0.123], count) == [0.123]) }
    #expect(LabelFit(probabilities: [0.5], windowed: [0.3]).asAmongTen(classCount: 2).windowed == [0.3])
  }

  /// Of ranks 1 to 4 of four the shares above are 7, 5, 3 and 1 eighths.
  @Test func fitJoinsWhatWasMeasured() {
    let above = [7.0, 5, 3, 1].map { -log($0 / 8) }
    func expectEqual(_ scores: [Double], _ expected: [Double]) {
      #expect(zip(scores, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(scores)")
    }
    let plain = LabelFit(probabilities: [0.1, 0.9, 0.5, 0.4])
    // All of one class, whose lowest tenth is the first one's.
    let one = [0, 0, 0, 0]
    expectEqual(plain.joined(labels: one), [0, 3, 2, 1].map { above[$0] / above[0].squareRoot() })
    // Each by what is lowest in its class.
    expectEqual(
      plain.joined(labels: [3, 1, 1, 3]),
      [
        above[0].squareRoot(), above[3] / above[2].squareRoot(), above[2].squareRoot(),
        above[1] / above[0].squareRoot(),
      ])
    let all = LabelFit(
      probabilities: plain.probabilities, superimposed: [0.2, 0.3, 0.8, 0.7], windowed: [0.9, 0.1, 0.2, 0.1])
    // Equal ones share their ranks, 1 and 2.
    let tied = -log(1 - 1.5 / 4 + 1.0 / 8)
    let joined = [
      (above[0] + 3 * above[0] + 2 * above[3]) / 6, (above[3] + 3 * above[1] + 2 * tied) / 6,
      (above[2] + 3 * above[3] + 2 * above[2]) / 6, (above[1] + 3 * above[2] + 2 * tied) / 6,
    ]
    let least = joined.min().map { $0.squareRoot() } ?? 0
    let evened = joined.map { $0 / least }
    expectEqual(all.joined(labels: one), evened)
    expectEqual(
      all.joined(keeping: 0.3, of: [1, 0, 0.5, 2], labels: one), zip(evened, [0.3, 0, 0.15, 0.6]).map(+))
    // First in one of them is more than in the middle of all.
    let first = LabelFit(probabilities: [5, 1, 2, 3, 4, 3, 3], windowed: [1, 7, 2, 3, 6, 5, 4])
    let scores = first.joined(labels: [Int](repeating: 0, count: 7))
    #expect(scores[1] > scores[3])
  }
}
