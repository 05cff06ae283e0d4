import Compute
import Networks

/// Adversarial neuron pruning (Wu and Wang 2021, ANP): learns a mask for every channel of the batch
/// normalisations that stays harmless when the channels are disturbed as badly as a small disturbance can.
///
/// A normalisation computes (m + ξ_w)·γ·x̂ + (1 + ξ_b)·β. A step disturbs by ξ, from a random start and against
/// the loss, then moves the masks m alone down a·L(ξ = 0) + (1 − a)·L(ξ), and cuts them to 0…1. Batches are
/// normalised by their own statistics; weights and running statistics stay as they are.
package final class AdversarialPruningStep: TrainingStep {
  package struct Settings: Hashable, Sendable {
    /// ε: the random start is within it, and each of the `steps` moves by a part of it.
    package let bound: Double
    package let steps: Int
    /// a
    package let cleanWeight: Double
    package let momentum: Double

    package init(bound: Double = 0.4, steps: Int = 1, cleanWeight: Double = 0.2, momentum: Double = 0.9) {
      (self.bound, self.steps) = (bound, steps)
      (self.cleanWeight, self.momentum) = (cleanWeight, momentum)
    }
  }

  /// What the step measures besides the clean loss and accuracy.
  package static let furtherMeasures = ["perturbed_loss"]

  /// What is kept for a batch normalisation.
  private struct Channels {
    let normalization: BatchNormalization
    let mask: FloatBuffer
    let velocity: FloatBuffer
    let scale: [Float]
    let shift: [Float]
    let noise: FloatBuffer
    let shiftNoise: FloatBuffer
    let slope: FloatBuffer

    init(_ normalization: BatchNormalization) {
      let count = normalization.channels
      self.normalization = normalization
      mask = FloatBuffer(count: count)
      mask.fill(with: 1)
      velocity = FloatBuffer(count: count)
      (scale, shift) = (normalization.scale.values.array, normalization.shift.values.array)
      noise = FloatBuffer(count: count)
      shiftNoise = FloatBuffer(count: count)
      slope = FloatBuffer(count: count)
    }
  }

  private let settings: Settings
  private var channels: [Channels] = []
  private var gradients: GradientPass?

  package init(_ settings: Settings = Settings()) { self.settings = settings }

  /// The masks of the batch normalisations, in the network's order.
  package var masks: ChannelMasks {
    ChannelMasks(names: channels.map(\.normalization.name), values: channels.map(\.mask.array))
  }

  package let stateNames: [String] = []
  package var numbers: [String: Double] {
    get { [:] }
    set {}
  }

  package var tensors: [(name: String, values: FloatBuffer)] {
    channels.flatMap {
      [
        ($0.normalization.name + ".mask", $0.mask),
        ($0.normalization.name + ".mask_momentum", $0.velocity),
      ]
    }
  }

  package func prepare(_ network: Network, _ passes: [TrainingPass]) {
    let own = Set(network.normalizations.flatMap { [$0.scale.name, $0.shift.name] })
    for parameter in network.parameters { parameter.isFrozen = !own.contains(parameter.name) }
    gradients = network.gradientPass(from: [.logits])
    channels = network.normalizations.map(Channels.init)
  }

  package func take(_ batch: TrainingBatch, _ network: Network, _ sums: inout [[Measure]]) {
    drawNoise(batch)
    var ignored = [Measure](repeating: Measure(), count: 2)
    let move = Float(settings.bound / Double(settings.steps))
    for _ in 0..<settings.steps {
      run(batch, network, isPerturbed: true, &ignored)
      for channel in channels {
        let normalization = channel.normalization
        for c in 0..<channel.mask.count {
          channel.noise.pointer[c] +=
            move * sign(channel.scale[c] * normalization.scale.gradient.pointer[c])
          channel.shiftNoise.pointer[c] +=
            move * sign(channel.shift[c] * normalization.shift.gradient.pointer[c])
        }
      }
    }
    var perturbed = [Measure](repeating: Measure(), count: 2)
    run(batch, network, isPerturbed: true, &perturbed)
    addSlopes(factor: Float(1 - settings.cleanWeight), isFirst: true)
    sums[0][2].add(perturbed[0].sum, over: Int(perturbed[0].count))
    run(batch, network, isPerturbed: false, &sums[0])
    addSlopes(factor: Float(settings.cleanWeight), isFirst: false)
    update(rate: Float(batch.rate))
  }

  /// ξ, uniform within ±ε: a function of the seed, the step and the normalisation.
  private func drawNoise(_ batch: TrainingBatch) {
    for (index, channel) in channels.enumerated() {
      var stream = RandomStream(
        seed: batch.forward.seed, purpose: RandomPurpose("neuron noise"),
        epoch: batch.forward.step, sample: index)
      let range = -settings.bound...settings.bound
      for c in 0..<channel.mask.count {
        channel.noise.pointer[c] = Float(stream.uniform(in: range))
        channel.shiftNoise.pointer[c] = Float(stream.uniform(in: range))
      }
    }
  }

  private func sign(_ value: Float) -> Float { value > 0 ? 1 : value < 0 ? -1 : 0 }

  /// A forward and a backward pass with the masks, disturbed or not.
  private func run(
    _ batch: TrainingBatch, _ network: Network, isPerturbed: Bool, _ sums: inout [Measure]
  ) {
    guard let gradients else { return }
    for channel in channels {
      let (scale, shift) = (channel.normalization.scale.values, channel.normalization.shift.values)
      for c in 0..<channel.mask.count {
        let (noise, shiftNoise) =
          isPerturbed ? (channel.noise.pointer[c], channel.shiftNoise.pointer[c]) : (0, 0)
        scale.pointer[c] = (channel.mask.pointer[c] + noise) * channel.scale[c]
        shift.pointer[c] = (1 + shiftNoise) * channel.shift[c]
      }
    }
    network.forward(images: batch.images, batch.forward)
    batch.pass.parts[0].objective.evaluate(
      batch.part(0, row: 0, at: network.output(.logits), pool: network.context.pool), &sums)
    network.backward(images: batch.images, gradients)
    for channel in channels {
      _ = channel.normalization.scale.values.elements.update(fromContentsOf: channel.scale)
      _ = channel.normalization.shift.values.elements.update(fromContentsOf: channel.shift)
    }
  }

  private func addSlopes(factor: Float, isFirst: Bool) {
    for channel in channels {
      for c in 0..<channel.mask.count {
        let slope = factor * channel.scale[c] * channel.normalization.scale.gradient.pointer[c]
        channel.slope.pointer[c] = isFirst ? slope : channel.slope.pointer[c] + slope
      }
    }
  }

  private func update(rate: Float) {
    let momentum = Float(settings.momentum)
    for channel in channels {
      for c in 0..<channel.mask.count {
        let speed = momentum * channel.velocity.pointer[c] + channel.slope.pointer[c]
        channel.velocity.pointer[c] = speed
        channel.mask.pointer[c] = min(1, max(0, channel.mask.pointer[c] - rate * speed))
      }
    }
  }
}
