import Detection
import Images
import Networks
import Pipelines

/// FCT: how far an image's features move when the image is transformed at random (method 4.3).
///
/// Output: see `ScoresArtifact`, with
///
///     attribute feature_length of the root   the length of a feature vector
enum FeatureConsistencyStage: ScoreStage {
  static let first = Parameter<TransformationKind>.choice(
    "transformation", default: .rotate, "The random transformation.")
  static let second = Parameter<SecondTransformation>.choice(
    "then", default: .affine, "A second one after it.")
  static let draws = Parameter.integer(
    "draws", in: 1...1000, default: 1, "Over how many random transformations each score is averaged.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Chooses the random transformations.")

  static let declaration = StageDeclaration(
    kind: "fct", version: 2,
    summary: "Scores every training image by how far its features move under transformations (FCT).",
    inputs: [ScoreInputs.images, ScoreInputs.model],
    parameters: [first.declaration, second.declaration, draws.declaration, seed.declaration],
    output: .scores)

  static func scores(_ context: StageContext) throws -> ScoresArtifact {
    let (images, model) = try ScoreInputs.read(context)
    let draws = context[draws]
    let score = FeatureConsistency(
      transformation: RandomTransformation(context[first], then: context[second].kind),
      draws: draws, seed: seed(seed, in: context))
    let values = try score.scores(of: model.assembler(for: images), network: model.network) { done in
      try context.step(done, of: (draws + 1) * images.count, "images")
    }
    return ScoresArtifact(
      name: declaration.kind, values: values,
      unit: "squared Euclidean distance of features; divide by feature_length for the mean",
      properties: ["feature_length": .integer(model.network.output(.features).length)])
  }

  /// The words for the second transformation, of which there may be none.
  enum SecondTransformation: String, ParameterWord {
    case none, rotate, affine, flip, crop, blur, erase

    var kind: TransformationKind? { TransformationKind(rawValue: rawValue) }
    var summary: String { kind?.summary ?? "no second one" }
  }
}

extension TransformationKind: ParameterWord {
  package var summary: String {
    switch self {
    case .rotate: "rotation by up to 180 degrees either way"
    case .affine: "shift by up to 20% of the size, across and down"
    case .flip: "left and right swapped"
    case .crop: "black border of 4 pixels, then a random crop"
    case .blur: "Gaussian blur, standard deviation 0.1 to 2 pixels"
    case .erase: "noise over 20 to 30% of the area"
    }
  }
}
