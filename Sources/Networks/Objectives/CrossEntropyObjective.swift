/// Learning given labels, or unlearning them: the mean cross-entropy of the logits.
public final class CrossEntropyObjective: Objective {
  public let loss: CrossEntropy

  public init(_ loss: CrossEntropy = CrossEntropy()) { self.loss = loss }

  public let tap = Tap.logits
  public let measures = ["loss", "accuracy"]

  public func evaluate(_ batch: ObjectiveBatch, _ sums: inout [Measure]) {
    let result = loss.evaluate(
      rows: batch.samples, classes: batch.length, logits: batch.values, labels: batch.labels,
      gradient: batch.gradient)
    sums[0].add(result.lossSum, over: batch.samples)
    sums[1].add(Double(result.correct), over: batch.samples)
  }
}
