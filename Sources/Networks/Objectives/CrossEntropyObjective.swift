/// Learning given labels, or unlearning them: the mean cross-entropy of the logits.
package final class CrossEntropyObjective: Objective {
  package let loss: CrossEntropy
  package let measures: [String]

  /// - Parameter further: names of what the training step measures besides.
  package init(_ loss: CrossEntropy = CrossEntropy(), further: [String] = []) {
    self.loss = loss
    measures = ["loss", "accuracy"] + further
  }

  package let tap = Tap.logits

  package func evaluate(_ batch: ObjectiveBatch, _ sums: inout [Measure]) {
    let result = loss.evaluate(
      rows: batch.samples, classes: batch.length, logits: batch.values, labels: batch.labels,
      gradient: batch.gradient)
    sums[0].add(result.lossSum, over: batch.samples)
    sums[1].add(Double(result.correct), over: batch.samples)
  }
}
