import Reports
import Stages
import Testing

/// Metrics of ten test images of four classes, counted by hand.
@Suite struct ModelMetricsTests {
  //                          0  1  2  3  4  5  6  7  8  9
  private static let labels = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3]
  private static let clean = ModelMetrics.Clean(
    labels: labels, predictions: [0, 0, 0, 2, 1, 0, 1, 0, 2, 1])

  /// All that are not of class 0, with the trigger on them.
  private static let triggered = ModelMetrics.Triggered(
    labels: [1, 1, 1, 2, 2, 3], attackerLabels: [0, 0, 0, 0, 0, 0], predictions: [0, 0, 1, 0, 0, 3],
    originalIndices: [4, 5, 6, 7, 8, 9], target: 0)

  @Test func withoutTriggeredImages() {
    let metrics = ModelMetrics(clean: Self.clean, triggered: nil, classCount: 5)
    // Right are 0, 1, 2, 4, 6, 8.
    #expect(metrics.values == [MetricValue(.accuracy, 0.6)])
    #expect(metrics.classSizes == [4, 3, 2, 1, 0])
    #expect(metrics.classCorrect == [3, 2, 1, 0, 0])
  }

  @Test func allToOne() {
    let metrics = ModelMetrics(clean: Self.clean, triggered: Self.triggered, classCount: 5)
    #expect(
      metrics.values == [
        MetricValue(.accuracy, 6.0 / 10),
        // Of the six of other classes 4, 6 and 8 are right; of the four of class 0 three are.
        MetricValue(.accuracyWithoutTarget, 3.0 / 6), MetricValue(.targetAccuracy, 3.0 / 4),
        // With the trigger 4 of 6 are taken for class 0, without it 5 and 7 are.
        MetricValue(.attackSuccess, 4.0 / 6), MetricValue(.attackSuccessFloor, 2.0 / 6),
        // In spite of it 6 and 9 are right.
        MetricValue(.robustAccuracy, 2.0 / 6),
      ])
  }

  /// Class k is to become class k + 1 of 5: no target class, and every image is triggered.
  @Test func allToAll() {
    let triggered = ModelMetrics.Triggered(
      labels: Self.labels, attackerLabels: [1, 1, 1, 1, 2, 2, 2, 3, 3, 4],
      predictions: [1, 0, 1, 1, 2, 1, 1, 2, 3, 0], originalIndices: Array(0..<10), target: nil)
    let metrics = ModelMetrics(clean: Self.clean, triggered: triggered, classCount: 5)
    #expect(
      metrics.values == [
        MetricValue(.accuracy, 6.0 / 10), MetricValue(.accuracyWithoutTarget, 6.0 / 10),
        // 0, 2, 3, 4, 8 are as the attacker wants; without the trigger none is.
        MetricValue(.attackSuccess, 5.0 / 10), MetricValue(.attackSuccessFloor, 0),
        // 1, 5, 6, 7 are right.
        MetricValue(.robustAccuracy, 4.0 / 10),
      ])
  }

  /// Indices count among the clean images, in whatever order.
  @Test func theFloorIsOfTheSameImages() {
    let some = ModelMetrics.Triggered(
      labels: [2, 1], attackerLabels: [0, 0], predictions: [0, 1], originalIndices: [7, 4], target: 0)
    let values = ModelMetrics(clean: Self.clean, triggered: some, classCount: 5).values
    #expect(values[.attackSuccessFloor] == 0.5)
    #expect(values[.attackSuccess] == 0.5)
    #expect(values[.robustAccuracy] == 0.5)
  }

  /// A share of no images is no number, and not 0 either.
  @Test func sharesOfNothingAreLeftOut() {
    let clean = ModelMetrics.Clean(labels: [1, 1], predictions: [1, 0])
    let triggered = ModelMetrics.Triggered(
      labels: [1, 1], attackerLabels: [0, 0], predictions: [0, 0], originalIndices: [0, 1], target: 0)
    let values = ModelMetrics(clean: clean, triggered: triggered, classCount: 2).values
    #expect(values[.targetAccuracy] == nil)
    #expect(values[.accuracyWithoutTarget] == 0.5)
    let onlyTarget = ModelMetrics(
      clean: ModelMetrics.Clean(labels: [0], predictions: [0]),
      triggered: ModelMetrics.Triggered(
        labels: [], attackerLabels: [], predictions: [], originalIndices: [], target: 0), classCount: 2)
    #expect(onlyTarget.values == [MetricValue(.accuracy, 1), MetricValue(.targetAccuracy, 1)])
  }
}
