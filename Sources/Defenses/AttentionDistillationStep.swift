import Compute
import Networks

/// Neural attention distillation (Li et al. 2021, NAD): learns the labels, and the attention maps of a teacher
/// that sees the same images in evaluation mode.
package final class AttentionDistillationStep: TrainingStep {
  /// Where the maps are compared, and by how much that counts.
  package struct Term: Sendable {
    package let tap: Tap
    package let weight: Double

    package init(_ tap: Tap, weight: Double) { (self.tap, self.weight) = (tap, weight) }
  }

  /// What the step measures besides loss and accuracy: the weighted sum of the attention losses.
  package static let furtherMeasures = ["attention_loss"]

  private let teacher: Network
  private let terms: [Term]
  private let optimizer: any Optimizer
  private var gradients: GradientPass?
  private var updates: UpdateList?

  /// - Parameters:
  ///   - teacher: of the plan that the trained network has, and of its capacity at least.
  ///   - terms: those with a weight of 0 are left out.
  package init(teacher: Network, terms: [Term], optimizer: any Optimizer) {
    self.teacher = teacher
    self.terms = terms.filter { $0.weight > 0 }
    self.optimizer = optimizer
  }

  package var stateNames: [String] { optimizer.stateNames }

  package var numbers: [String: Double] {
    get { optimizer.numbers }
    set { optimizer.numbers = newValue }
  }

  package func prepare(_ network: Network, _ passes: [TrainingPass]) {
    let pass = network.gradientPass(from: Set(terms.map(\.tap)).union([.logits]))
    gradients = pass
    updates = optimizer.prepare(pass.parameters)
  }

  package func take(_ batch: TrainingBatch, _ network: Network, _ sums: inout [[Measure]]) {
    guard let gradients, let updates else { return }
    teacher.input.pointer.update(
      from: network.input.pointer, count: batch.images * network.plan.shape(of: network.plan.input).count)
    teacher.forward(images: batch.images, mode: .evaluation)
    network.forward(images: batch.images, batch.forward)
    let pool = network.context.pool
    batch.pass.parts[0].objective.evaluate(
      batch.part(0, row: 0, at: network.output(.logits), pool: pool), &sums[0])
    for term in terms {
      let (own, other) = (network.output(term.tap), teacher.output(term.tap))
      let loss = AttentionLoss(weight: term.weight).evaluate(
        images: batch.images, shape: own.shape, student: own.values.pointer,
        teacher: other.values.pointer, gradient: own.gradient.pointer, pool: pool)
      sums[0][2].add(term.weight * loss * Double(batch.images), over: 0)
    }
    sums[0][2].add(0, over: batch.images)
    network.backward(images: batch.images, gradients)
    optimizer.step(updates, rate: batch.rate, pool: pool)
  }
}
