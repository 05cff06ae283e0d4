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

  @Test func fitCombinesRanks() {
    let fit = LabelFit(probabilities: [0.1, 0.9, 0.5, 0.4], contrasts: [3, 1, 0, 2])
    let superimposed = LabelFit(
      probabilities: fit.probabilities, contrasts: fit.contrasts, superimposed: [0.2, 0.3, 0.7, 0.8])
    #expect(zip(superimposed.meanRanks, [1.75, 2.5, 2.5, 3.25]).allSatisfy { abs($0 - $1 / 4) < 1e-12 })
    let sums = fit.rankSums(keeping: 0.3, of: [1, 0, 0.5, 1])
    #expect(zip(sums, [0.3 + 1.25, 1.5, 0.15 + 1, 0.3 + 1.25]).allSatisfy { abs($0 - $1) < 1e-12 })
    // The larger one of the ranks of contrast and superimposed: 1, 0.5, 0.75 and 1.
    let changed = superimposed.rankSums(keeping: 0.3, of: [1, 0, 0.5, 1])
    #expect(zip(changed, [0.3 + 1.25, 1.5, 0.15 + 1.5, 0.3 + 1.5]).allSatisfy { abs($0 - $1) < 1e-12 })
  }
}
