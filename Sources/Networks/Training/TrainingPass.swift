/// A source of samples and what they are trained for.
package struct TrainingPart {
  package let name: String
  package let samples: TrainingSamples
  /// Samples in a step.
  package let batch: Int
  package let objective: any Objective

  package init(name: String, samples: TrainingSamples, batch: Int, objective: any Objective) {
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
/// were, over and over. With a number of steps of its own, all parts do so, the first one as well.
package struct TrainingPass {
  package let parts: [TrainingPart]
  package let schedule: LearningRateSchedule
  package let mode: NetworkMode
  /// How many steps it has, whatever the first part has samples.
  private let fixedSteps: Int?

  package init(
    parts: [TrainingPart], schedule: LearningRateSchedule, mode: NetworkMode = .training,
    steps: Int? = nil
  ) {
    precondition(!parts.isEmpty && parts.allSatisfy { $0.samples.count > 0 && $0.batch > 0 })
    self.parts = parts
    self.schedule = schedule
    self.mode = mode
    fixedSteps = steps
  }

  /// Where the losses of its parts are measured.
  package var taps: Set<Tap> { Set(parts.map(\.objective.tap)) }

  /// Steps of one walk.
  package var steps: Int {
    fixedSteps ?? (parts[0].samples.count + parts[0].batch - 1) / parts[0].batch
  }

  /// Whether a part goes on from where it was in the epoch before.
  func goesOn(_ index: Int) -> Bool { index > 0 || fixedSteps != nil }

  /// Images in the largest step, every view of a sample for itself.
  package var largestBatch: Int {
    parts.indices.reduce(0) { sum, index in
      let part = parts[index]
      let samples = goesOn(index) ? part.batch : min(part.batch, part.samples.count)
      return sum + samples * part.samples.views
    }
  }
}
