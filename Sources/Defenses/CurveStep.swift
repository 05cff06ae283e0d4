import Compute
import Networks

/// Trains the middle point θ of a curve: a step measures the loss at a random u between 0 and 1, and moves θ
/// down its gradient, 2u(1 − u) times that at φ(u).
///
/// Between the steps the network holds θ.
package final class CurveStep: TrainingStep {
  private let curve: WeightCurve
  private let optimizer: any Optimizer
  private let weightDecay: Float
  private var gradients: GradientPass?
  private var updates: UpdateList?
  private var middle: [FloatBuffer] = []

  /// - Parameters:
  ///   - optimizer: without weight decay of its own.
  ///   - weightDecay: of the weights at φ(u), as published: not of θ.
  package init(_ curve: WeightCurve, optimizer: any Optimizer, weightDecay: Double) {
    self.curve = curve
    self.optimizer = optimizer
    self.weightDecay = Float(weightDecay)
  }

  package var stateNames: [String] { optimizer.stateNames }

  package var numbers: [String: Double] {
    get { optimizer.numbers }
    set { optimizer.numbers = newValue }
  }

  package func prepare(_ network: Network, _ passes: [TrainingPass]) {
    let pass = network.gradientPass(from: [.logits])
    gradients = pass
    updates = optimizer.prepare(pass.parameters)
    middle = network.parameters.map { FloatBuffer(count: $0.count) }
  }

  package func take(_ batch: TrainingBatch, _ network: Network, _ sums: inout [[Measure]]) {
    var stream = RandomStream(
      seed: batch.forward.seed, purpose: RandomPurpose("point of the curve"),
      epoch: batch.forward.step)
    take(batch, network, at: stream.uniform(), &sums)
  }

  /// A step at a given u.
  package func take(
    _ batch: TrainingBatch, _ network: Network, at u: Double, _ sums: inout [[Measure]]
  ) {
    guard let gradients, let updates else { return }
    for (kept, parameter) in zip(middle, network.parameters) {
      kept.pointer.update(from: parameter.values.pointer, count: kept.count)
    }
    curve.move(network, to: u)
    network.forward(images: batch.images, batch.forward)
    batch.pass.parts[0].objective.evaluate(
      batch.part(0, row: 0, at: network.output(.logits), pool: network.context.pool), &sums[0])
    network.backward(images: batch.images, gradients)
    let factor = Float(2 * u * (1 - u))
    for parameter in gradients.parameters {
      let (gradient, values) = (parameter.gradient.pointer, parameter.values.pointer)
      for i in 0..<parameter.count {
        gradient[i] = factor * (gradient[i] + weightDecay * values[i])
      }
    }
    for (kept, parameter) in zip(middle, network.parameters) {
      parameter.values.pointer.update(from: kept.pointer, count: kept.count)
    }
    optimizer.step(updates, rate: batch.rate, pool: network.context.pool)
  }
}
