import Compute
import Networks

/// A step of a network on random images, to be taken again and again.
protocol Step {
  /// Images that enter the network, each view of a sample for itself.
  var images: Int { get }
  var pool: WorkerPool { get }
  func run()
}

/// Forward, backward and descent of a network that learns labels, or forward alone.
final class SupervisedStep: Step {
  private let network: Network
  private let labels: [Int32]
  private let training: GradientTraining?

  init(_ description: ModelDescription, batch: Int, pool: WorkerPool, trains: Bool) {
    network = Network(
      description.plan, capacity: batch, context: ExecutionContext(pool: pool),
      for: trains ? .training : .inference)
    network.initialize(seed: 0)
    network.input.fillWithNoise()
    var stream = RandomStream(seed: 0, purpose: RandomPurpose("benchmark labels"))
    labels = (0..<batch).map { _ in Int32(stream.integer(below: description.classes)) }
    training = trains ? GradientTraining(network, at: .logits) : nil
  }

  var images: Int { labels.count }
  var pool: WorkerPool { network.context.pool }

  func run() {
    guard let training else {
      network.forward(images: images, mode: .evaluation)
      return
    }
    network.forward(images: images, mode: .training)
    let output = training.output
    _ = CrossEntropy().evaluate(
      rows: images, classes: output.length, logits: output.values.pointer, labels: labels,
      gradient: output.gradient.pointer)
    training.descend(images: images)
  }
}

/// The same with a projection head and two views of each sample, those of one label attracting each
/// other.
final class ContrastiveStep: Step {
  private let network: Network
  private let groups: ContrastiveGroups
  private let members: [Int]
  private let workspace: ContrastiveLoss.Workspace
  private let training: GradientTraining

  /// - Parameter batch: samples, of which each has two views.
  init(_ description: ModelDescription, batch: Int, pool: WorkerPool) {
    network = Network(
      description.contrastivePlan, capacity: 2 * batch, context: ExecutionContext(pool: pool))
    network.initialize(seed: 0)
    network.input.fillWithNoise()
    var stream = RandomStream(seed: 0, purpose: RandomPurpose("benchmark labels"))
    groups = ContrastiveGroups(
      (0..<batch).map { _ in Int32(stream.integer(below: description.classes)) })
    members = Array(0..<batch)
    workspace = ContrastiveLoss.Workspace(samples: batch)
    training = GradientTraining(network, at: .embeddings)
  }

  var images: Int { 2 * members.count }
  var pool: WorkerPool { network.context.pool }

  func run() {
    network.forward(images: images, mode: .training)
    let output = training.output
    _ = ContrastiveLoss().evaluate(
      length: output.length, embeddings: output.values.pointer, groups: groups,
      members: members[...], workspace: workspace, gradient: output.gradient.pointer, pool: pool)
    training.descend(images: images)
  }
}

/// Backward pass and descent, prepared once.
private struct GradientTraining {
  let output: NetworkOutput
  private let network: Network
  private let gradients: GradientPass
  private let optimizer = StochasticGradientDescent()
  private let updates: UpdateList

  init(_ network: Network, at tap: Tap) {
    self.network = network
    output = network.output(tap)
    gradients = network.gradientPass(from: [tap])
    updates = optimizer.prepare(gradients.parameters)
  }

  func descend(images: Int) {
    network.backward(images: images, gradients)
    optimizer.step(updates, rate: 0.01, pool: network.context.pool)
  }
}

extension FloatBuffer {
  fileprivate func fillWithNoise() {
    var stream = RandomStream(seed: 0, purpose: RandomPurpose("benchmark images"))
    for index in 0..<count { pointer[index] = Float(stream.normal()) }
  }
}
