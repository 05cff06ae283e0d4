import Images
import Networks

/// The check network: trained from scratch on a base without suspects, it says what images look like to
/// someone who has never seen a trigger. Of a class whose images are merely easy it names most; of poison it
/// names the classes that the images were taken from.
package struct CheckRecipe: Sendable {
  package var steps: Int
  package var batch: Int
  package var learningRate: Double
  /// The share of the steps in which the rate rises.
  package var rise: Double
  /// How far images are shifted, in pixels of an image of 32.
  package var reach: Int

  package init(
    steps: Int = 450, batch: Int = 64, learningRate: Double = 0.1, rise: Double = 0.25, reach: Int = 4
  ) {
    self.steps = steps
    self.batch = batch
    self.learningRate = learningRate
    self.rise = rise
    self.reach = reach
  }

  /// What training is divided into for its history: as many parts of equal length.
  package static let sections = 10

  /// The pass of one section.
  ///
  /// - Parameter base: indices of the base, not empty.
  package func pass(over assembler: BatchAssembler, base: [Int]) -> TrainingPass {
    TrainingPass(
      parts: [
        TrainingPart(
          name: "training",
          samples: TrainingSamples(
            assembler: assembler, indices: base, wrapAround: WrapAround(reach: reach)),
          batch: batch, objective: CrossEntropyObjective())
      ],
      schedule: .oneCycle(peak: learningRate, epochs: Self.sections, rise: rise),
      steps: TrainingSteps.perSection(steps, sections: Self.sections))
  }
}
