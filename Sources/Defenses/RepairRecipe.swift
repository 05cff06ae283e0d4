import Foundation
import Images
import Networks

/// How the backdoor is taken out of a model: unlearn what is named poisoned, relearn what is named
/// clean, round by round (paper, Eq. 4 and 5).
package struct RepairRecipe: Sendable {
  /// How the two belong together.
  package enum Order: String, CaseIterable, Sendable {
    /// A walk over the poisoned set, then one over the clean set: the published order.
    case alternate
    /// A batch of each in every step, so that neither undoes the other for long, and batch
    /// normalisation never sees a batch of triggered images alone.
    case joint
    /// Unlearning alone, and relearning alone: what each does without the other (paper, Fig. 5).
    case unlearn
    case relearn

    /// Whether each of the two sets takes part.
    package var usesPoisoned: Bool { self != .relearn }
    package var usesClean: Bool { self != .unlearn }
  }

  package let order: Order
  /// Where the ascent on a poisoned sample stops, as a multiple of ln(classes), the cross-entropy of
  /// guessing; infinity for the published ascent without end.
  package let bound: Double
  /// Factor of the ascent.
  package let unlearningWeight: Double
  /// Samples in a step: clean, and poisoned.
  package let batch: Int
  package let poisonedBatch: Int
  package let schedule: LearningRateSchedule
  package let augmentation: Augmentation
  package let unlearningAugmentation: Augmentation
  package let cleanOrder: TrainingSamples.Order
  /// Of walks over poisoned samples alone.
  package let unlearningMode: NetworkMode

  package init(
    order: Order, bound: Double, unlearningWeight: Double, batch: Int, poisonedBatch: Int,
    schedule: LearningRateSchedule, augmentation: Augmentation,
    unlearningAugmentation: Augmentation, cleanOrder: TrainingSamples.Order,
    unlearningMode: NetworkMode = .training
  ) {
    self.order = order
    self.bound = bound
    self.unlearningWeight = unlearningWeight
    self.batch = batch
    self.poisonedBatch = poisonedBatch
    self.schedule = schedule
    self.augmentation = augmentation
    self.unlearningAugmentation = unlearningAugmentation
    self.cleanOrder = cleanOrder
    self.unlearningMode = unlearningMode
  }

  /// The passes of one round.
  ///
  /// - Parameters:
  ///   - clean, poisoned: indices into the assembler's images; those that take part are not empty.
  package func passes(
    assembler: BatchAssembler, clean: [Int], poisoned: [Int]
  ) -> [TrainingPass] {
    let limit =
      bound.isFinite ? bound * log(Double(assembler.images.classCount)) : .infinity
    let relearn = TrainingPart(
      name: "relearn",
      samples: TrainingSamples(
        assembler: assembler, indices: clean, augmentation: augmentation, order: cleanOrder),
      batch: batch, objective: CrossEntropyObjective())
    let unlearn = TrainingPart(
      name: "unlearn",
      samples: TrainingSamples(
        assembler: assembler, indices: poisoned, augmentation: unlearningAugmentation),
      batch: poisonedBatch,
      objective: CrossEntropyObjective(
        CrossEntropy(direction: .ascend(bound: limit), factor: unlearningWeight)))
    switch order {
    case .alternate:
      return [
        TrainingPass(parts: [unlearn], schedule: schedule, mode: unlearningMode),
        TrainingPass(parts: [relearn], schedule: schedule),
      ]
    case .joint:
      return [TrainingPass(parts: [relearn, unlearn], schedule: schedule)]
    case .unlearn:
      return [TrainingPass(parts: [unlearn], schedule: schedule, mode: unlearningMode)]
    case .relearn:
      return [TrainingPass(parts: [relearn], schedule: schedule)]
    }
  }
}
