import Detection
import Networks
import Pipelines

/// ABL's score: the cross-entropy of an image under a model that was trained with local gradient ascent
/// (`train` with `loss = abl`), times −1. What is learned with ease, such as a trigger, has a low loss
/// (method 8).
///
/// Output: see `ScoresArtifact`.
enum LowLossStage: ScoreStage {
  static let declaration = StageDeclaration(
    kind: "abl-loss", version: 1,
    summary: "Scores every training image by how low its cross-entropy under a model is (ABL).",
    inputs: [ScoreInputs.images, ScoreInputs.model], output: .scores)

  static func scores(_ context: StageContext) throws -> ScoresArtifact {
    let (images, model) = try ScoreInputs.read(context)
    let values = try LossScores.scores(
      .easilyLearned, of: model.assembler(for: images), network: model.network
    ) { try context.step($0, of: images.count, "images") }
    return ScoresArtifact(
      name: declaration.kind, values: values, unit: "cross-entropy times -1")
  }
}
