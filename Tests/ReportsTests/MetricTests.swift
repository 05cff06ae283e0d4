import Reports
import Testing

@Suite struct MetricTests {
  @Test func everyMetricIsDeclaredOnce() {
    let all = MetricDeclaration.all
    #expect(Set(all.map(\.name)).count == all.count)
    #expect(Set(all.map(\.title)).count == all.count)
    for metric in all {
      #expect(MetricDeclaration.named(metric.name) == metric)
      #expect(metric.name.allSatisfy { $0.isLowercase || $0 == "_" })
      #expect(!metric.title.isEmpty && metric.heading.count <= metric.title.count)
      #expect(metric.definition.count > 20)
    }
    #expect(MetricDeclaration.named("no_such_metric") == nil)
  }

  /// Names that older files and other programs know.
  @Test func namesInFilesStay() {
    #expect(
      MetricDeclaration.ofModels.map(\.name) == [
        "test_accuracy", "test_accuracy_without_target", "test_target_accuracy", "attack_success_rate",
        "attack_success_floor", "robust_accuracy", "class_accuracy",
      ])
    #expect(
      MetricDeclaration.ofDetection.map(\.name) == [
        "auroc", "clean_precision", "clean_recall", "poisoned_precision", "poisoned_recall",
        "false_positive_rate", "called_poisoned", "called_inconclusive", "named_count", "poisoned_count",
      ])
  }

  @Test func valuesInWords() {
    let values = [
      MetricValue(.accuracy, 0.97314), MetricValue(.attackSuccess, 0), MetricValue(.relearnLoss, 1.20349),
    ]
    #expect(values.text == "ACC 97.31%, ASR 0.00%, relearn loss 1.203")
    #expect(values.lines == ["ACC           97.31%", "ASR            0.00%", "relearn loss   1.203"])
    #expect([MetricValue]().lines.isEmpty)
    #expect(values[.attackSuccess] == 0)
    #expect(values[.robustAccuracy] == nil)
    #expect(MetricValue(.targetAccuracy, nil) == nil)
  }

  /// A metric that only one of them has leaves a gap in the other's column.
  @Test func sideBySide() {
    let lines = [MetricValue].lines(sideBySide: [
      (name: "verdict", values: [MetricValue(.poisonedRecall, 0.9989), MetricValue(.areaUnderCurve, 0.5)]),
      (name: "split", values: [MetricValue(.poisonedRecall, 0.5556)]),
    ])
    #expect(
      lines == [
        "                            verdict   split",
        "AUROC                        50.00%",
        "recall of the poisoned set   99.89%  55.56%",
      ])
  }

  @Test func valuesWithTheirUnits() {
    #expect(MetricUnit.share.text(0.5) == "50.00%")
    #expect(MetricUnit.share.text(.nan) == "–")
    #expect(MetricUnit.share.text(0.5231, deviation: 0.0042) == "52.31 ± 0.42%")
    #expect(MetricUnit.count.text(812) == "812")
    #expect(MetricUnit.count.text(812.5) == "812.50")
    #expect(MetricUnit.seconds.text(1.25) == "1.25 s")
    #expect(MetricUnit.number.text(0.00012345) == "0.0001234")
    #expect(MetricUnit.number.text(8.7, deviation: 0.1) == "8.7 ± 0.1")
  }
}
