/// Class centres apart: the intra-class loss of the features. The last linear layer gets no gradient.
package final class IntraClassObjective: Objective {
  private let loss = IntraClassLoss()
  private var workspace = IntraClassLoss.Workspace(classes: 0, length: 0)

  package init() {}

  package let tap = Tap.features
  package let measures = ["loss"]

  package func prepare(samples: Int, length: Int, classes: Int) {
    workspace = IntraClassLoss.Workspace(classes: classes, length: length)
  }

  /// A batch counts as one: the loss has no share for a single sample.
  package func evaluate(_ batch: ObjectiveBatch, _ sums: inout [Measure]) {
    let value = loss.evaluate(
      rows: batch.samples, length: batch.length, features: batch.values, labels: batch.labels,
      workspace: workspace, gradient: batch.gradient)
    sums[0].add(value, over: 1)
  }
}
