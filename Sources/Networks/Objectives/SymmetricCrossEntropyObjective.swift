/// Learning given labels that may be wrong: the mean symmetric cross-entropy of the logits (DBD).
package final class SymmetricCrossEntropyObjective: Objective {
  private let loss: SymmetricCrossEntropy

  package init(_ loss: SymmetricCrossEntropy = SymmetricCrossEntropy()) { self.loss = loss }

  package let tap = Tap.logits
  package let measures = ["loss", "accuracy"]

  package func evaluate(_ batch: ObjectiveBatch, _ sums: inout [Measure]) {
    let result = loss.evaluate(
      rows: batch.samples, classes: batch.length, logits: batch.values, labels: batch.labels,
      gradient: batch.gradient)
    sums[0].add(result.lossSum, over: batch.samples)
    sums[1].add(Double(result.correct), over: batch.samples)
  }
}
