/// What a part of a batch is trained for.
public enum TrainingObjective: Sendable {
  case crossEntropy(CrossEntropy)
  /// The linear layer is frozen.
  case intraClass
  /// Over two views of each sample; the groups of all images of the set, by their index.
  case contrastive(ContrastiveLoss, ContrastiveGroups)
  /// With, for all images of the set by their index, which are named poisoned.
  case mixedCrossEntropy(MixedCrossEntropy, isPoisoned: [Bool])

  /// Where the loss is measured.
  var output: NetworkOutputKind {
    switch self {
    case .crossEntropy, .mixedCrossEntropy: .logits
    case .intraClass: .features
    case .contrastive: .embeddings
    }
  }

  /// Whether single samples are classified, right or wrong.
  var classifies: Bool { output == .logits }
}

/// A source of samples and what they are trained for.
public struct TrainingPart: Sendable {
  public let name: String
  public let samples: TrainingSamples
  /// Samples in a step.
  public let batch: Int
  public let objective: TrainingObjective

  public init(name: String, samples: TrainingSamples, batch: Int, objective: TrainingObjective) {
    self.name = name
    self.samples = samples
    self.batch = batch
    self.objective = objective
  }
}

/// One walk over the samples of its first part, which is the whole of an epoch or a part of one.
///
/// A step's batch is a batch of each part, side by side, in one forward and backward pass. The first
/// part decides the number of steps, its last batch may be smaller; the others go on from where they
/// were, over and over.
public struct TrainingPass: Sendable {
  public let parts: [TrainingPart]
  public let schedule: LearningRateSchedule
  public let mode: NetworkMode

  public init(
    parts: [TrainingPart], schedule: LearningRateSchedule, mode: NetworkMode = .training
  ) {
    precondition(!parts.isEmpty && parts.allSatisfy { $0.samples.count > 0 && $0.batch > 0 })
    self.parts = parts
    self.schedule = schedule
    self.mode = mode
  }

  /// Steps of one walk.
  public var steps: Int { (parts[0].samples.count + parts[0].batch - 1) / parts[0].batch }

  /// Images in the largest step, every view of a sample for itself.
  public var largestBatch: Int {
    let first = min(parts[0].batch, parts[0].samples.count) * parts[0].samples.views
    return parts[1...].reduce(first) { $0 + $1.batch * $1.samples.views }
  }
}
