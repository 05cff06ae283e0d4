import Compute
import Detection
import Networks
import Pipelines

/// Spectral signatures: how far an image lies from the mean of its given class along the direction in
/// which the class varies most (method 8).
///
/// Output: see `ScoresArtifact`, with
///
///     attribute feature_length of the root   the length of a feature vector
enum SpectralSignaturesStage: ScoreStage {
  static let pooling = Parameter<SpectralSignatures.Pooling>.choice(
    "pooling", default: .raw, "How the scores of different classes are compared.")

  static let declaration = StageDeclaration(
    kind: "spectral-signatures", version: 2,
    summary: "Scores every training image by its place along the main direction of its class.",
    inputs: [ScoreInputs.images, ScoreInputs.model], parameters: [pooling.declaration],
    output: .scores)

  static func scores(_ context: StageContext) throws -> ScoresArtifact {
    let (images, model) = try ScoreInputs.read(context)
    let assembler = try model.assembler(for: images)
    let length = model.network.output(.features).length
    let features = try Inference.features(
      of: model.network, over: Array(images.labels.indices), of: assembler
    ) { range in
      try context.step(range.upperBound, of: images.count, "images")
    }
    return ScoresArtifact(
      name: declaration.kind,
      values: SpectralSignatures.scores(
        features: features, length: length, labels: images.labels, pooling: context[pooling]),
      unit: context[pooling] == .raw
        ? "squared distance of features" : "share of the mean score of the class",
      properties: ["feature_length": .integer(length)])
  }
}

extension SpectralSignatures.Pooling: ParameterWord {
  package var summary: String {
    switch self {
    case .raw: "as they are"
    case .variance: "divided by the mean score of the class"
    }
  }
}
