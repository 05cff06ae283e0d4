import Compute
import Networks

/// Measures how fast this machine trains a steganography network, by a few steps on noise.
package struct SteganographySpeed: Sendable {
  private let shape: SteganographyShape
  private let batch: Int

  /// - Parameter batch: images in a step.
  package init(_ shape: SteganographyShape, batch: Int) {
    self.shape = shape
    self.batch = batch
  }

  private static let steps = 2
  /// Pixels of a step that is timed: with more, a step of large images would not fit into memory before anybody could
  /// say so.
  private static let mostPixels = 64 * 64 * 64

  private var plans: [(plan: NetworkPlan, tap: Tap)] {
    [
      (SteganographyPlans.message(shape), SteganographyPlans.map),
      (SteganographyPlans.encoder(shape), SteganographyPlans.residual),
      (SteganographyPlans.decoder(shape), .logits),
    ]
  }

  /// Multiplications with an addition each, of all three networks for one image and its message.
  package var multiplyAdds: Double { plans.reduce(0) { $0 + $1.plan.multiplyAdds } }

  /// What the training takes, in bytes; Adam keeps two numbers for each parameter.
  package var memory: Double {
    plans.reduce(0) {
      $0 + $1.plan.memory(capacity: batch, trainingAt: [$1.tap], optimizerStates: 2)
    }
  }

  /// What the training takes for an image, in seconds, beside all that this machine does meanwhile.
  package func secondsPerImage(threads: Int) -> Double {
    let batch = max(1, min(batch, Self.mostPixels / (shape.side * shape.side)))
    let network = SteganographyNetwork(
      shape, capacity: batch, context: ExecutionContext(pool: WorkerPool(threads: threads)))
    network.initialize(seed: 0)
    let training = SteganographyTraining(
      network,
      SteganographyTraining.Recipe(
        batch: batch, rate: 1e-4, weight: 1, hold: 0, ramp: 1, steps: Self.steps + 1, accuracy: 1, change: 0,
        seed: 0))
    var stream = RandomStream(seed: 0, purpose: RandomPurpose("steganography speed"))
    for index in 0..<network.images.count {
      network.images.pointer[index] = Float(stream.nextWord() & 255) / 255
    }
    let messages = (0..<batch * shape.bits).map { _ in UInt8(stream.nextWord() & 1) }
    // The first one meets memory that was never touched.
    training.step(messages: messages)
    let start = ContinuousClock.now
    for _ in 0..<Self.steps { training.step(messages: messages) }
    return (ContinuousClock.now - start) / .seconds(1) / Double(Self.steps * batch)
  }
}
