import Detection
import Networks
import Pipelines

/// Activation clustering: in which of the two clusters of its class an image's features lie (method 7.8).
///
/// Output: see `ScoresArtifact`, with
///
///     attribute feature_length of the root   the length of a feature vector
enum ActivationClusteringStage: ScoreStage {
  static let score = Parameter<ActivationClustering.Kind>.choice(
    "score", default: .silhouette, "What the score says.")
  static let reduction = Parameter<ActivationClustering.Reduction>.choice(
    "reduction", default: .ica, "What the features are reduced to.")
  static let components = Parameter.integer(
    "components", in: 1...1000, default: 10, "To how many numbers features are reduced.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Where the clusterings start.")

  static let declaration = StageDeclaration(
    kind: "activation-clustering", version: 2,
    summary: "Scores every training image by the two clusters of its class's features (AC).",
    inputs: [ScoreInputs.images, ScoreInputs.model],
    parameters: [
      score.declaration, reduction.declaration, components.declaration, seed.declaration,
    ], output: .scores)

  static func scores(_ context: StageContext) throws -> ScoresArtifact {
    let (images, model) = try ScoreInputs.read(context)
    let length = model.network.output(.features).length
    let features = try Inference.features(
      of: model.network, over: Array(images.labels.indices), of: model.assembler(for: images)
    ) { try context.step($0.upperBound, of: images.count, "images") }
    let clustering = ActivationClustering(
      kind: context[score], reduction: context[reduction], components: context[components],
      seed: seed(seed, in: context))
    return ScoresArtifact(
      name: declaration.kind,
      values: clustering.scores(features: features, length: length, labels: images.labels),
      unit: context[score].summary, properties: ["feature_length": .integer(length)])
  }
}

extension ActivationClustering.Kind: ParameterWord {
  package var summary: String {
    switch self {
    case .silhouette: "'distance' times the silhouette of the two clusters of the class"
    case .distance: "how much closer to the centre of the smaller cluster than to the other, -1 to 1"
    case .size: "the share of the class in the other cluster (published, for whole clusters)"
    }
  }
}

extension ActivationClustering.Reduction: ParameterWord {
  package var summary: String {
    switch self {
    case .pca: "principal components"
    case .ica: "independent components (published): as 'pca', all of variance 1"
    }
  }
}
