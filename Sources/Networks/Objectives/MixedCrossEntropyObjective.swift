/// Learning what is taken for clean and unlearning what is taken for poisoned (D-ST, second stage).
package final class MixedCrossEntropyObjective: Objective {
  private let loss: MixedCrossEntropy
  /// Of all images of the set, by their index.
  private let isPoisoned: [Bool]

  package init(_ loss: MixedCrossEntropy, isPoisoned: [Bool]) {
    self.loss = loss
    self.isPoisoned = isPoisoned
  }

  package let tap = Tap.logits
  package let measures = ["loss", "accuracy", "poisoned_loss"]

  package func evaluate(_ batch: ObjectiveBatch, _ sums: inout [Measure]) {
    let members = batch.members
    let result = loss.evaluate(
      rows: batch.samples, classes: batch.length, logits: batch.values, labels: batch.labels,
      gradient: batch.gradient
    ) { isPoisoned[members[members.startIndex + $0]] }
    sums[0].add(result.clean.lossSum, over: result.cleanCount)
    sums[1].add(Double(result.clean.correct), over: result.cleanCount)
    sums[2].add(result.poisoned.lossSum, over: result.poisonedCount)
  }
}
