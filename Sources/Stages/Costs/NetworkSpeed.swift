import Compute
import Networks

/// Measures how fast this machine trains a network, by a few steps on noise.
struct NetworkSpeed: Sendable {
  let plan: NetworkPlan
  let tap: Tap

  init(_ plan: NetworkPlan, trainingAt tap: Tap) {
    self.plan = plan
    self.tap = tap
  }

  /// About what a step is to take, in seconds.
  private static let stepSeconds = 0.15
  private static let steps = 3

  /// Images in a step: few enough to be quick, and enough that a network is as fast as with many.
  func batch(threads: Int) -> Int {
    let seconds = 3 * plan.multiplyAdds * NetworkCost.assumedSeconds / Double(threads)
    return min(64, max(2 * threads, Int(Self.stepSeconds / max(seconds, 1e-9))))
  }

  /// What the training takes for an image, in seconds, beside all that this machine does meanwhile.
  func secondsPerImage(threads: Int) -> Double {
    let images = batch(threads: threads)
    let network = Network(
      plan, capacity: images, context: ExecutionContext(pool: WorkerPool(threads: threads)))
    network.initialize(seed: 0)
    var stream = RandomStream(seed: 0, purpose: RandomPurpose("speed"))
    for index in 0..<network.input.count { network.input.pointer[index] = Float(stream.normal()) }
    let gradients = network.gradientPass(from: [tap])
    let output = network.output(tap)
    for index in 0..<(images * output.length) {
      output.gradient.pointer[index] = Float(stream.normal()) / Float(images)
    }
    func step() {
      network.forward(images: images, mode: .training)
      network.backward(images: images, gradients)
    }
    // The first one meets memory that was never touched.
    step()
    let start = ContinuousClock.now
    for _ in 0..<Self.steps { step() }
    return (ContinuousClock.now - start) / .seconds(1) / Double(Self.steps * images)
  }
}
