import Compute
import Foundation
import Networks

/// A step of MixMatch, from a batch of labelled images and one of unlabelled ones in two views each, whose labels
/// are not looked at.
///
/// Labels of the unlabelled are guessed with the batch's statistics, the running ones following the mixed images
/// alone.
package final class MixMatchStep: TrainingStep {
  package struct Settings: Hashable, Sendable {
    package let temperature: Double
    /// Of the Beta distribution that shares are drawn from.
    package let concentration: Double
    /// λ_u, which the unlabelled loss grows to over all steps.
    package let unlabelledWeight: Double
    package let steps: Int

    package init(temperature: Double, concentration: Double, unlabelledWeight: Double, steps: Int) {
      (self.temperature, self.concentration) = (temperature, concentration)
      (self.unlabelledWeight, self.steps) = (unlabelledWeight, steps)
    }
  }

  /// What the step measures of the unlabelled images.
  package static let unlabelledMeasures = ["difference"]

  private let settings: Settings
  private let optimizer: any Optimizer
  private var gradients: GradientPass?
  private var updates: UpdateList?
  private var images = FloatBuffer(count: 0)
  private var targets = FloatBuffer(count: 0)
  private var mixedTargets = FloatBuffer(count: 0)

  package init(_ settings: Settings, optimizer: any Optimizer) {
    self.settings = settings
    self.optimizer = optimizer
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
    images = FloatBuffer(count: network.input.count)
    targets = FloatBuffer(count: network.capacity * network.output(.logits).length)
    mixedTargets = FloatBuffer(count: targets.count)
  }

  package func take(_ batch: TrainingBatch, _ network: Network, _ sums: inout [[Measure]]) {
    guard let gradients, let updates else { return }
    let (labelled, unlabelled) = (batch.sizes[0], batch.sizes[1])
    let output = network.output(.logits)
    setTargets(batch, network)
    var random = RandomStream(
      seed: batch.forward.seed, purpose: RandomPurpose("mixture"), epoch: batch.forward.step)
    let drawn = random.beta(settings.concentration)
    let share = Float(max(drawn, 1 - drawn))
    let partners = random.permutation(of: batch.images)
    let size = network.input.count / network.capacity
    images.pointer.update(from: network.input.pointer, count: batch.images * size)
    MixMatch.mix(
      images.pointer, length: size, partners: partners, share: share, into: network.input.pointer)
    MixMatch.mix(
      targets.pointer, length: output.length, partners: partners, share: share,
      into: mixedTargets.pointer)
    network.forward(images: batch.images, batch.forward)
    let (values, gradient) = (output.values.pointer, output.gradient.pointer)
    let loss = MixMatch.softCrossEntropy(
      rows: labelled, classes: output.length, logits: values, targets: mixedTargets.pointer,
      gradient: gradient)
    let first = labelled * output.length
    let ramp = min(1, Double(batch.forward.step) / Double(max(settings.steps, 1)))
    let difference = MixMatch.squaredDifference(
      rows: 2 * unlabelled, classes: output.length, logits: values + first,
      targets: mixedTargets.pointer + first, weight: settings.unlabelledWeight * ramp,
      gradient: gradient + first)
    sums[0][0].add(loss * Double(labelled), over: labelled)
    sums[1][0].add(difference * Double(unlabelled), over: unlabelled)
    network.backward(images: batch.images, gradients)
    optimizer.step(updates, rate: batch.rate, pool: network.context.pool)
  }

  /// The given labels of the labelled images, and guessed ones of both views of the others.
  private func setTargets(_ batch: TrainingBatch, _ network: Network) {
    let (labelled, unlabelled) = (batch.sizes[0], batch.sizes[1])
    let (logits, classes) = (network.output(.logits).values.pointer, network.output(.logits).length)
    network.forward(
      images: batch.images,
      ForwardPass(
        mode: .trainingWithFixedStatistics, seed: batch.forward.seed, step: batch.forward.step))
    for row in 0..<labelled {
      for k in 0..<classes { targets.pointer[row * classes + k] = Int(batch.labels[row]) == k ? 1 : 0 }
    }
    for row in labelled..<(labelled + unlabelled) {
      let other = row + unlabelled
      MixMatch.sharpen(
        logits + row * classes, logits + other * classes, classes: classes,
        temperature: settings.temperature, into: targets.pointer + row * classes)
      (targets.pointer + other * classes).update(from: targets.pointer + row * classes, count: classes)
    }
  }
}

/// What a part of a MixMatch batch is measured by: the step does it.
package final class MixtureObjective: Objective {
  package let tap = Tap.logits
  package let measures: [String]

  package init(_ measures: [String]) { self.measures = measures }

  package func evaluate(_ batch: ObjectiveBatch, _ sums: inout [Measure]) {}
}

extension RandomStream {
  /// Beta(a, a), by two Gamma variables.
  mutating func beta(_ concentration: Double) -> Double {
    let (x, y) = (gamma(concentration), gamma(concentration))
    return x + y > 0 ? x / (x + y) : 0.5
  }

  /// Gamma of a shape, with a scale of 1 (Marsaglia and Tsang 2000).
  private mutating func gamma(_ shape: Double) -> Double {
    if shape < 1 {
      let power = pow(1 - uniform(), 1 / shape)
      return gamma(shape + 1) * power
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = pow(1 + c * x, 3)
      if v > 0, log(1 - uniform()) < x * x / 2 + d - d * v + d * log(v) { return d * v }
    }
  }
}
