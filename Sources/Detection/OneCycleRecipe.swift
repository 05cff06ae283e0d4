import Images
import Networks

/// How a network is trained for a question of the verdict about triggers: on the images as they are, since a crop
/// may cut a trigger off, with a rate that goes through one cycle.
package struct OneCycleRecipe: Sendable {
  package var steps: Int
  package var batch: Int
  /// The peak.
  package var learningRate: Double

  package init(steps: Int, batch: Int, learningRate: Double) {
    self.steps = steps
    self.batch = batch
    self.learningRate = learningRate
  }

  /// What training is divided into for its history: as many parts of equal length.
  package static let sections = 10

  /// The pass of one section.
  ///
  /// - Parameters:
  ///   - assembler: of images labelled with what is to be told apart.
  ///   - members: indices, not empty.
  package func pass(over assembler: BatchAssembler, members: [Int]) -> TrainingPass {
    TrainingPass(
      parts: [
        TrainingPart(
          name: "training", samples: TrainingSamples(assembler: assembler, indices: members), batch: batch,
          objective: CrossEntropyObjective())
      ],
      schedule: .oneCycle(peak: learningRate, epochs: Self.sections),
      steps: TrainingSteps.perSection(steps, sections: Self.sections))
  }
}
