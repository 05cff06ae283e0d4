import Detection
import Testing

@Suite struct ReceiverCurveTests {
  private func points(_ scores: [Double], _ isPoisoned: [Bool], atMost most: Int = 400) -> [[Double]] {
    ReceiverCurve.points(scores: scores, isPoisoned: isPoisoned, atMost: most).map { [$0.clean, $0.poisoned] }
  }

  /// By hand: poisoned 5, clean 4, poisoned 3, clean 1.
  @Test func corners() {
    #expect(
      points([1, 5, 3, 4], [false, true, true, false]) == [[0, 0], [0, 0.5], [0.5, 0.5], [0.5, 1], [1, 1]])
  }

  @Test func tiesAreOneStep() {
    #expect(points([2, 2, 2, 1], [true, false, false, true]) == [[0, 0], [1, 0.5], [1, 1]])
  }

  @Test func perfectScoresHaveThreeCorners() {
    #expect(points([9, 8, 7, 1, 2, 3], [true, true, true, false, false, false]) == [[0, 0], [0, 1], [1, 1]])
  }

  @Test func withoutAnythingToTellApart() {
    #expect(points([1, 2], [true, true]).isEmpty)
    #expect(points([1, 2], [false, false]).isEmpty)
  }

  @Test func manyCornersAreThinned() {
    let curve = points((0..<1000).map(Double.init), (0..<1000).map { $0 % 2 == 0 }, atMost: 50)
    #expect(curve.count == 50)
    #expect(curve.first == [0, 0] && curve.last == [1, 1])
  }
}
