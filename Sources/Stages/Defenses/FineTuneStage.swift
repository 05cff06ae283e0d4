import Networks
import Pipelines

/// Trains a model further on a few clean images (FT; method 7.1): a defence, and what NAD's teacher and the
/// other end of MCR's curve are made by.
///
/// Output: see `ModelArtifact`.
enum FineTuneStage: Stage {
  static let training = TrainingParameters(
    epochs: 100, learningRate: 0.01, schedule: .cosine, batch: 256, augment: .cropFlip, milestones: [2],
    nesterov: false)

  static let declaration = StageDeclaration(
    kind: "fine-tune", version: 1, summary: "Trains a model further on a few clean images (FT).",
    inputs: [CleanSample.images, CleanSample.model], parameters: training.declarations, output: .model)

  static func run(_ context: StageContext) throws {
    let sample = try CleanSample(context, batch: context[training.batch])
    try training.train(
      sample.model, [sample.pass("fine_tune", training, context)], in: context,
      seed: seed(training.seed, in: context), countsEpochs: false)
  }
}
