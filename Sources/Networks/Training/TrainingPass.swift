/// What a part of a batch is trained for.
public enum TrainingObjective: Sendable {
  case crossEntropy(CrossEntropy)
  /// The linear layer rests.
  case intraClass
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

  /// Images in the largest step.
  public var largestBatch: Int {
    parts[1...].reduce(min(parts[0].batch, parts[0].samples.count)) { $0 + $1.batch }
  }

  /// Images of all steps of one walk.
  public var imageCount: Int {
    parts[0].samples.count + steps * parts[1...].reduce(0) { $0 + $1.batch }
  }
}
