import Compute
import Networks

/// A step of a network on random images, to be taken again and again.
protocol Step {
  /// Images that enter the network, each view of a sample for itself.
  var images: Int { get }
  var pool: WorkerPool { get }
  func run()
}

/// Forward, backward and descent of a ResNet-18 that learns labels, or forward alone.
final class SupervisedStep: Step {
  private let network: ResidualNetwork
  private let labels: [Int32]
  private let trains: Bool

  init(_ configuration: ResidualNetworkConfiguration, batch: Int, pool: WorkerPool, trains: Bool) {
    network = ResidualNetwork(
      configuration, capacity: batch, context: ExecutionContext(pool: pool))
    network.initialize(seed: 0)
    network.input.fillWithNoise()
    var stream = RandomStream(seed: 0, purpose: RandomPurpose("benchmark labels"))
    labels = (0..<batch).map { _ in Int32(stream.integer(below: configuration.classes)) }
    self.trains = trains
  }

  var images: Int { labels.count }
  var pool: WorkerPool { network.context.pool }

  func run() {
    network.forward(images: images, mode: trains ? .training : .evaluation)
    guard trains else { return }
    _ = CrossEntropy().evaluate(
      rows: images, classes: network.configuration.classes, logits: network.logits.pointer,
      labels: labels, gradient: network.logitsGradient.pointer)
    let trained = network.backward(images: images, from: .logits)
    StochasticGradientDescent().step(trained, rate: 0.01, pool: pool)
  }
}

/// The same with a projection head and two views of each sample, those of one label attracting each
/// other.
final class ContrastiveStep: Step {
  private let network: ContrastiveNetwork
  private let groups: ContrastiveGroups
  private let members: [Int]
  private let workspace: ContrastiveLoss.Workspace

  /// - Parameter batch: samples, of which each has two views.
  init(_ configuration: ResidualNetworkConfiguration, batch: Int, pool: WorkerPool) {
    network = ContrastiveNetwork(
      configuration, capacity: 2 * batch, context: ExecutionContext(pool: pool))
    network.initialize(seed: 0)
    network.input.fillWithNoise()
    var stream = RandomStream(seed: 0, purpose: RandomPurpose("benchmark labels"))
    groups = ContrastiveGroups(
      (0..<batch).map { _ in Int32(stream.integer(below: configuration.classes)) })
    members = Array(0..<batch)
    workspace = ContrastiveLoss.Workspace(samples: batch)
  }

  var images: Int { 2 * members.count }
  var pool: WorkerPool { network.context.pool }

  func run() {
    network.forward(images: images, mode: .training)
    _ = ContrastiveLoss().evaluate(
      length: network.embeddingLength, embeddings: network.embeddings.pointer, groups: groups,
      members: members[...], workspace: workspace, gradient: network.embeddingsGradient.pointer,
      pool: pool)
    let trained = network.backward(images: images, from: .embeddings)
    StochasticGradientDescent().step(trained, rate: 0.01, pool: pool)
  }
}

extension FloatBuffer {
  fileprivate func fillWithNoise() {
    var stream = RandomStream(seed: 0, purpose: RandomPurpose("benchmark images"))
    for index in 0..<count { pointer[index] = Float(stream.normal()) }
  }
}
