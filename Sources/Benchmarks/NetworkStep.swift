import Compute
import Networks

/// A ResNet-18 on random images, to be stepped again and again.
final class NetworkStep {
  private let network: ResidualNetwork
  private let labels: [Int32]
  private let trains: Bool

  init(width: Int, batch: Int, stem: Stem, threads: Int, trains: Bool) {
    network = ResidualNetwork(
      ResidualNetworkConfiguration(width: width, stem: stem, classes: 10), capacity: batch,
      context: ExecutionContext(pool: WorkerPool(threads: threads)))
    network.initialize(seed: 0)
    var stream = RandomStream(seed: 0, purpose: RandomPurpose("benchmark"))
    for index in 0..<network.input.count { network.input.pointer[index] = Float(stream.normal()) }
    labels = (0..<batch).map { _ in Int32(stream.integer(below: 10)) }
    self.trains = trains
  }

  /// Forward, backward and descent, or forward alone.
  func run() {
    network.forward(images: labels.count, mode: trains ? .training : .evaluation)
    guard trains else { return }
    _ = CrossEntropy().evaluate(
      rows: labels.count, classes: 10, logits: network.logits.pointer, labels: labels,
      gradient: network.logitsGradient.pointer)
    network.backward(images: labels.count, from: .logits)
    StochasticGradientDescent().step(network.parameters, rate: 0.01, pool: network.context.pool)
  }
}
