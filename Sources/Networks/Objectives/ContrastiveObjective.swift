/// Views of samples drawn together (D-ST, first stage), over two views of each.
public final class ContrastiveObjective: Objective {
  private let loss: ContrastiveLoss
  /// Of all images of the set, by their index.
  private let groups: ContrastiveGroups
  private var workspace = ContrastiveLoss.Workspace(samples: 0)

  public init(_ loss: ContrastiveLoss, groups: ContrastiveGroups) {
    self.loss = loss
    self.groups = groups
  }

  public let tap = Tap.embeddings
  public let measures = ["loss"]

  public func prepare(samples: Int, length: Int, classes: Int) {
    workspace = ContrastiveLoss.Workspace(samples: samples)
  }

  public func evaluate(_ batch: ObjectiveBatch, _ sums: inout [Measure]) {
    let value = loss.evaluate(
      length: batch.length, embeddings: batch.values, groups: groups, members: batch.members,
      workspace: workspace, gradient: batch.gradient, pool: batch.pool)
    sums[0].add(value * Double(batch.samples), over: batch.samples)
  }
}
