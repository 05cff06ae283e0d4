import Detection
import Testing

@Suite struct ConfusionBaseTests {
  private func indices(_ isBase: [Bool]) -> [Int] { isBase.indices.filter { isBase[$0] } }

  @Test func lowestScores() {
    let scores: [Double] = [9, 0, 8, 1, 7, 2, 6, 3, 5, 4]
    let labels = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]
    let base = ConfusionBase.lowest(0.45, scores: scores, seed: 1)
    #expect(indices(base) == [1, 3, 5, 7])
    // And half of each class: of class 1 the two that are there already, of class 2 one.
    #expect(
      indices(ConfusionBase.withEachClass(0.5, base, scores: scores, labels: labels, seed: 1))
        == [1, 3, 5, 7, 9])
  }

  /// Of a class no more than a share, of the lowest scores; of the others all that was there.
  @Test func fewOfOneClass() {
    let base = [true, false, true, true, true, true, false]
    let few = ConfusionBase.withFew(
      0.4, of: [0], base, scores: [5, 1, 2, 3, 4, 0, 9], labels: [0, 0, 0, 0, 0, 1, 1], seed: 1)
    #expect(indices(few) == [2, 5])
  }

  /// Of equal scores the seed takes some, and not the first ones.
  @Test func equalScores() {
    let scores = [Double](repeating: 1, count: 1000)
    let labels = (0..<1000).map { $0 / 100 }
    let first = indices(ConfusionBase.lowest(0.3, scores: scores, seed: 1))
    #expect(first.count == 300)
    #expect(Set(first.map { labels[$0] }).count == 10)
    #expect(indices(ConfusionBase.lowest(0.3, scores: scores, seed: 2)) != first)
  }

  @Test func suspectsHaveTheMostAtTheTop() {
    // The highest six scores: three of class 2, two of class 0, one of class 1.
    let labels = [2, 2, 2, 0, 0, 1] + (0..<94).map { 3 + $0 % 4 }
    let scores = (0..<100).map { Double(100 - $0) }
    func suspects(_ count: Int) -> [Int] {
      ConfusionBase.suspects(count, top: 0.06, scores: scores, labels: labels, seed: 1)
    }
    #expect(suspects(1) == [2])
    #expect(suspects(2) == [0, 2])
    #expect(suspects(9) == [0, 1, 2])
    // Never half of the classes.
    let two = ConfusionBase.suspects(2, top: 0.06, scores: scores, labels: labels.map { $0 % 2 }, seed: 1)
    #expect(two.isEmpty)
    let four = ConfusionBase.suspects(2, top: 0.06, scores: scores, labels: labels.map { $0 % 4 }, seed: 1)
    #expect(four == [2])
  }

  @Test func suspectClassesGoByScores() {
    let labels = [0, 0, 0, 0, 0, 1, 1, 1]
    let base = ConfusionBase.sparing(
      suspects: [0], share: 0.6, scores: [1, 2, 3, 4, 5, 9, 9, 9], below: 0.4,
      probabilities: [0.9, 0.9, 0.9, 0.1, 0.1, 0.3, 0.4, 0.9], labels: labels, seed: 1)
    #expect(indices(base) == [0, 1, 2, 5])
    #expect(ConfusionBase.below(0.4, probabilities: [0.39, 0.4, 1]) == [true, false, false])
  }
}
