import Images
import Networks

/// Confusion training: a network goes on learning all given labels, while the labels of a base are drawn at
/// random (after Qi et al., "Towards a proactive ML approach for detecting backdoor poison samples", USENIX
/// Security 2023, here without images that are known to be clean).
///
/// What the base has in common with other samples, the classes, is forgotten; what it does not have, a
/// trigger, stays: afterwards the probability of the given label is high for poison alone.
package struct ConfusionRecipe: Sendable {
  /// The weight of the random labels over that of the given ones.
  package var lambda: Double
  /// The share of the base that is shown shifted.
  package var shiftedShare: Double
  /// In pixels of an image of 32.
  package var reach: Int
  package var steps: Int
  /// Images of the whole set, and as many of the base, in a step.
  package var batch: Int
  package var learningRate: Double
  /// Steps of the rise to the rate.
  package var rise: Int
  /// The share of the steps after which the rate falls, and where it ends, as a share of itself.
  package var flat: Double
  package var floor: Double

  package init(
    lambda: Double, shiftedShare: Double, reach: Int = 6, steps: Int = 350, batch: Int = 64,
    learningRate: Double = 0.05, rise: Int = 20, flat: Double = 0.6, floor: Double = 0.02
  ) {
    self.lambda = lambda
    self.shiftedShare = shiftedShare
    self.reach = reach
    self.steps = steps
    self.batch = batch
    self.learningRate = learningRate
    self.rise = rise
    self.flat = flat
    self.floor = floor
  }

  /// What training is divided into for its history: as many parts of equal length.
  package static let sections = 10

  /// The pass of one section.
  ///
  /// - Parameter base: indices of the base, not empty.
  package func pass(over assembler: BatchAssembler, base: [Int], seed: UInt64) -> TrainingPass {
    TrainingPass(
      parts: [
        TrainingPart(
          name: "training", samples: TrainingSamples(assembler: assembler), batch: batch,
          objective: CrossEntropyObjective(CrossEntropy(factor: 1 / (1 + lambda)))),
        TrainingPart(
          name: "confusion",
          samples: TrainingSamples(
            assembler: assembler, indices: base,
            wrapAround: shiftedShare > 0 ? WrapAround(reach: reach, share: shiftedShare) : nil),
          batch: batch,
          objective: RandomLabelObjective(weight: lambda / (1 + lambda), seed: seed)),
      ],
      schedule: .trapezoid(
        peak: learningRate, epochs: Self.sections, rise: rise, flat: flat, floor: floor),
      steps: TrainingSteps.perSection(steps, sections: Self.sections))
  }
}
