/// Views of samples drawn together (D-ST, first stage), over two views of each.
package final class ContrastiveObjective: Objective {
  private let loss: ContrastiveLoss
  /// Of all images of the set, by their index.
  private let groups: ContrastiveGroups
  private var workspace = ContrastiveLoss.Workspace(samples: 0)

  package init(_ loss: ContrastiveLoss, groups: ContrastiveGroups) {
    self.loss = loss
    self.groups = groups
  }

  package let tap = Tap.embeddings
  package let measures = ["loss"]

  package func prepare(samples: Int, length: Int, classes: Int) {
    workspace = ContrastiveLoss.Workspace(samples: samples)
  }

  package func evaluate(_ batch: ObjectiveBatch, _ sums: inout [Measure]) {
    let value = loss.evaluate(
      length: batch.length, embeddings: batch.values, groups: groups, members: batch.members,
      workspace: workspace, gradient: batch.gradient, pool: batch.pool)
    sums[0].add(value * Double(batch.samples), over: batch.samples)
  }
}
