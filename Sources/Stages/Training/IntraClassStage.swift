import Images
import Networks
import Pipelines

/// Pushes the class centres of a warmed-up model's features apart, so that poisoned samples come to
/// lie far from the clean ones of their class: the method's intra-class fine-tuning (4.2).
///
/// The optimiser's momentum and the schedule's position are the model's; the linear layer is frozen.
///
/// Output: see `ModelArtifact`.
enum IntraClassStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one, "The training set that the model was warmed up on.")
  static let model = InputDeclaration("model", .model, count: .one, "The warmed-up model.")
  static let training = TrainingParameters(
    epochs: 10, learningRate: 0.01, schedule: .constant, augment: .none)

  static let declaration = StageDeclaration(
    kind: "intra-class", version: 3,
    summary: "Fine-tunes a model's features so that class centres move apart (intra-class loss).",
    inputs: [images, model], parameters: training.declarations, output: .model)

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let start = try ModelArtifact.read(
      context.open(model), capacity: min(context[training.batch], images.count),
      context: ExecutionContext(pool: context.pool), trainingAt: [.features])
    let pass = TrainingPass(
      parts: [
        TrainingPart(
          name: "intra_class",
          samples: TrainingSamples(
            assembler: try start.assembler(for: images), augmentation: context[training.augment]),
          batch: context[training.batch], objective: IntraClassObjective())
      ], schedule: training.schedule(in: context, after: start.epochsTrained))
    try training.train(start, [pass], in: context, seed: seed(training.seed, in: context), goesOn: true)
  }
}
