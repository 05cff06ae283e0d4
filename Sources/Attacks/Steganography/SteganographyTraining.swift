import Compute
import Foundation
import Images
import Networks

/// Trains a steganography network until the decoder reads nearly all bits: binary cross-entropy of the bits,
/// and once they are read, the mean square of what is changed in the images, with a weight that grows.
package final class SteganographyTraining {
  package struct Recipe: Hashable, Sendable {
    /// Images in a step, each with a random message.
    package let batch: Int
    /// Of Adam.
    package let rate: Double
    /// The weight of the change at the end.
    package let weight: Double
    /// Steps between the first batch with nine bits of ten right and the growth of the weight, and over
    /// which it grows.
    package let hold: Int
    package let ramp: Int
    /// The most steps.
    package let steps: Int
    /// The share of right bits, and the mean change of a value in grey levels, at which it ends before, with
    /// the full weight.
    package let accuracy: Double
    package let change: Double
    package let seed: UInt64

    package init(
      batch: Int, rate: Double, weight: Double, hold: Int, ramp: Int, steps: Int, accuracy: Double,
      change: Double, seed: UInt64
    ) {
      self.batch = batch
      self.rate = rate
      self.weight = weight
      self.hold = hold
      self.ramp = ramp
      self.steps = steps
      self.accuracy = accuracy
      self.change = change
      self.seed = seed
    }
  }

  /// Where it stands; with the network's tensors all that the next step depends on.
  package struct State: Hashable, Sendable, Codable {
    package var step = 0
    /// The step in which nine bits of ten were right for the first time.
    package var learnedAt: Int?
    /// Of the last steps the shares of right bits, and the mean changes of a value in grey levels.
    package var accuracies: [Double] = []
    package var changes: [Double] = []

    /// The means over the last steps; 0 before the first one.
    package var accuracy: Double { mean(accuracies) }
    package var change: Double { mean(changes) }

    private func mean(_ values: [Double]) -> Double {
      values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    mutating func remember(accuracy: Double, change: Double) {
      accuracies.append(accuracy)
      changes.append(change)
      if accuracies.count > SteganographyTraining.remembered {
        accuracies.removeFirst()
        changes.removeFirst()
      }
    }
  }

  package let network: SteganographyNetwork
  package let recipe: Recipe
  package var state = State()
  private let optimizer = Adam()
  private let updates: UpdateList
  private let fromMap: GradientPass
  private let fromResidual: GradientPass
  private let fromLogits: GradientPass

  private static let remembered = 100

  /// - Parameter network: with room for a batch.
  package init(_ network: SteganographyNetwork, _ recipe: Recipe) {
    precondition(network.capacity >= recipe.batch)
    self.network = network
    self.recipe = recipe
    fromMap = network.message.gradientPass(from: [SteganographyPlans.map])
    fromResidual = network.encoder.gradientPass(from: [SteganographyPlans.residual], toInput: true)
    fromLogits = network.decoder.gradientPass(from: [.logits], toInput: true)
    updates = optimizer.prepare(network.parameters)
  }

  /// What the optimiser keeps for each parameter, and besides.
  package var stateNames: [String] { optimizer.stateNames }
  package var numbers: [String: Double] {
    get { optimizer.numbers }
    set { optimizer.numbers = newValue }
  }

  /// The weight of the change in the next step.
  package var weight: Double {
    guard let learnedAt = state.learnedAt else { return 0 }
    let grown = Double(state.step - learnedAt - recipe.hold) / Double(max(1, recipe.ramp))
    return recipe.weight * min(1, max(0, grown))
  }

  package var isDone: Bool {
    state.step >= recipe.steps
      || weight >= recipe.weight && state.learnedAt != nil
        && state.accuracies.count == Self.remembered && state.accuracy >= recipe.accuracy
        && state.change <= recipe.change
  }

  /// Takes a step with random images of the set, a function of the seed and the step alone.
  package func step(_ set: ImageSet) {
    let (rows, bits) = (recipe.batch, network.shape.bits)
    var stream = RandomStream(
      seed: recipe.seed, purpose: RandomPurpose("steganography batches"), epoch: state.step)
    network.load((0..<rows).map { _ in stream.integer(below: set.count) }, of: set)
    step(messages: (0..<rows * bits).map { _ in UInt8(stream.nextWord() & 1) })
  }

  /// Takes a step with the images that the network holds, a batch of them, and messages of 0 and 1,
  /// `[batch, bits]`.
  func step(messages: [UInt8]) {
    let rows = recipe.batch
    network.encode(rows: rows, messages: messages, isByte: false)
    network.decode(rows: rows)
    let accuracy =
      Double(network.rightBits(rows: rows, messages: messages)) / Double(messages.count)
    backward(rows: rows, messages: messages, weight: weight)
    optimizer.step(updates, rate: recipe.rate, pool: network.encoder.context.pool)
    state.step += 1
    state.remember(accuracy: accuracy, change: network.change(rows: rows))
    if state.learnedAt == nil && accuracy > 0.9 { state.learnedAt = state.step }
  }

  /// The gradients of all parameters, for the mean cross-entropy of the bits and `weight` times the mean
  /// square of the change.
  func backward(rows: Int, messages: [UInt8], weight: Double) {
    let decoder = network.decoder.output(.logits)
    for (position, bit) in messages.enumerated() {
      let probability = 1 / (1 + exp(-Double(decoder.values.pointer[position])))
      decoder.gradient.pointer[position] = Float((probability - Double(bit)) / Double(messages.count))
    }
    network.decoder.backward(images: rows, fromLogits)
    let residual = network.encoder.output(SteganographyPlans.residual)
    let count = rows * network.shape.image.count
    let factor = Float(2 * weight / Double(count))
    for position in 0..<count {
      let (image, encoded) = (network.images.pointer[position], network.encoded.pointer[position])
      let slope =
        network.decoder.inputGradient.pointer[position] + factor * (encoded - image)
      // What was cut off is not changed by going on, only by going back.
      let value = image + residual.values.pointer[position]
      let isLost = value < 0 && slope > 0 || value > 1 && slope < 0
      residual.gradient.pointer[position] = isLost ? 0 : slope
    }
    network.encoder.backward(images: rows, fromResidual)
    gatherMapGradient(rows: rows)
    network.message.backward(images: rows, fromMap)
  }

  /// The gradient of the maps: the sums over the pixels of each cell.
  private func gatherMapGradient(rows: Int) {
    let (side, maps) = (network.shape.side, SteganographyShape.mapChannels)
    let gradient = network.message.output(SteganographyPlans.map).gradient.pointer
    for position in 0..<rows * SteganographyShape.mapCount { gradient[position] = 0 }
    var source = network.encoder.inputGradient.pointer
    for row in 0..<rows {
      for y in 0..<side {
        for x in 0..<side {
          let cell = SteganographyNetwork.cell(x: x, y: y, side: side) * maps
          for channel in 0..<maps {
            gradient[row * SteganographyShape.mapCount + cell + channel] += source[channel]
          }
          source += maps + network.shape.channels
        }
      }
    }
  }
}

extension SteganographyNetwork {
  /// What one message does to images: the share of its bits that are read from their bytes, and the mean change
  /// of a value in grey levels.
  package func quality(
    of message: [UInt8], in set: ImageSet, _ indices: [Int]
  ) -> (accuracy: Double, change: Double) {
    var (right, change) = (0, 0.0)
    for start in stride(from: 0, to: indices.count, by: capacity) {
      let members = Array(indices[start..<min(start + capacity, indices.count)])
      let messages = members.flatMap { _ in message }
      load(members, of: set)
      encode(rows: members.count, messages: messages, isByte: true)
      decode(rows: members.count)
      right += rightBits(rows: members.count, messages: messages)
      change += Double(members.count) * self.change(rows: members.count)
    }
    let count = Double(max(1, indices.count))
    return (Double(right) / (count * Double(message.count)), change / count)
  }

  /// The mean change of a value in what was encoded last, in grey levels.
  func change(rows: Int) -> Double {
    let count = rows * shape.image.count
    let sum = (0..<count).reduce(0.0) {
      $0 + Double(abs(encoded.pointer[$1] - images.pointer[$1]))
    }
    return 255 * sum / Double(count)
  }
}
