import Networks
import Pipelines

/// What it takes to train a network, or to see images through it.
struct NetworkCost {
  /// Which of the plans of a model.
  enum Form: String {
    case classifier
    /// With a projection head.
    case contrastive
  }

  let description: ModelDescription
  let form: Form
  private let plan: NetworkPlan

  init(_ description: ModelDescription, _ form: Form = .classifier) {
    self.description = description
    self.form = form
    plan = form == .classifier ? description.plan : description.contrastivePlan
  }

  /// A backward pass takes two products for each of the forward pass.
  static let passesOfTraining = 3.0

  /// What a multiplication and addition takes where nothing was measured, in seconds of one thread: an assumption,
  /// on the slow side.
  static let assumedSeconds = 1.0 / 40e9

  /// - Parameters:
  ///   - trained: images that go forward and backward, each view for itself.
  ///   - seen: images that go forward alone.
  func workload(trained: Double = 0, seen: Double = 0) -> Workload {
    let speed = NetworkSpeed(plan, trainingAt: tap)
    return Workload(
      unit: "multiply-adds of \(name)",
      amount: plan.multiplyAdds * (Self.passesOfTraining * trained + seen), usesThreads: true,
      assumedSeconds: Self.assumedSeconds
    ) { threads in
      // Whoever measures must not need more memory than there is.
      let memory = plan.memory(capacity: speed.batch(threads: threads), trainingAt: [speed.tap])
      guard 2 * memory < MemoryGuard.available else { return Self.assumedSeconds / Double(threads) }
      return speed.secondsPerImage(threads: threads) / (Self.passesOfTraining * plan.multiplyAdds)
    }
  }

  /// In bytes.
  ///
  /// - Parameters:
  ///   - batch: images in a step, each view for itself.
  ///   - trains: whether it is trained.
  ///   - images: the sets that are in memory meanwhile.
  func memory(batch: Int, trains: Bool, images: ArtifactFacts...) -> Double {
    plan.memory(capacity: batch, trainingAt: trains ? [tap] : [])
      + images.reduce(0) { $0 + ($1.values ?? 0) }
  }

  private var tap: Tap { form == .classifier ? .logits : .embeddings }

  private var name: String {
    let (architecture, stem) = (description.architecture.name, description.stem.rawValue)
    let head = form == .classifier ? "" : ", projection head"
    return "\(architecture), width \(description.width), stem \(stem), \(description.image)\(head)"
  }
}
