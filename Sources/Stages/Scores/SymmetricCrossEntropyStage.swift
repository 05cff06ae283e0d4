import Detection
import Networks
import Pipelines

/// Symmetric cross-entropy: how little the model believes an image's given label (DBD; method 8).
///
/// Output: see `ScoresArtifact`.
enum SymmetricCrossEntropyStage: ScoreStage {
  static let weight = Parameter.real(
    "weight", in: 0...1000, default: 0.1, "Factor of the cross-entropy (alpha).")
  static let reverseWeight = Parameter.real(
    "reverse-weight", in: 0...1000, default: 1,
    "Factor of the reverse cross-entropy (beta), in which model and label are exchanged.")

  static let declaration = StageDeclaration(
    kind: "sce", version: 1,
    summary: "Scores every training image by its symmetric cross-entropy under a model (SCE).",
    inputs: [ScoreInputs.images, ScoreInputs.model],
    parameters: [weight.declaration, reverseWeight.declaration], output: .scores)

  static func scores(_ context: StageContext) throws -> ScoresArtifact {
    let (images, model) = try ScoreInputs.read(context)
    let loss = SymmetricCrossEntropy(
      weight: context[weight], reverseWeight: context[reverseWeight])
    let values = try LossScores.scores(
      .symmetric(loss), of: model.assembler(for: images), network: model.network
    ) { try context.step($0, of: images.count, "images") }
    return ScoresArtifact(name: declaration.kind, values: values, unit: "symmetric cross-entropy")
  }
}
