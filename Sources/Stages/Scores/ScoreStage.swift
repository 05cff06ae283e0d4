import Defenses
import Detection
import Images
import Networks
import Pipelines

/// Scores every training image by how suspect it is: FCT, the movement of its features under a random
/// transformation (method 4.3).
///
/// Output:
///
///     /scores   float64 [count]   larger is more suspicious
///     attributes metric, feature_length, zero_share of the root
enum ScoreStage: Stage {
  static let images = InputDeclaration("images", .images, .poisonedImages, count: .one, "The training set.")
  static let model = InputDeclaration("model", .model, count: .one, "A briefly trained model.")
  static let metric = Parameter<Metric>.choice("metric", default: .consistency, "What is measured.")
  static let first = Parameter<TransformationKind>.choice(
    "transformation", default: .rotate, "The random transformation.")
  static let second = Parameter<SecondTransformation>.choice(
    "then", default: .affine, "A second one after it.")
  static let draws = Parameter.integer(
    "draws", in: 1...1000, default: 1, "Over how many random transformations each score is averaged.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Chooses the random transformations.")

  static let declaration = StageDeclaration(
    kind: "score", version: 2, summary: "Scores every training image by how suspect it is (FCT).",
    inputs: [images, model],
    parameters: [
      metric.declaration, first.declaration, second.declaration, draws.declaration,
      seed.declaration,
    ],
    output: .scores)

  private static let batch = 128

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let model = try ModelArtifact.read(
      context.open(model), capacity: batch, context: ExecutionContext(pool: context.pool))
    let draws = context[draws]
    let score = FeatureConsistency(
      transformation: RandomTransformation(
        context[first], then: context[second].kind), draws: draws,
      seed: UInt64(context[seed]))
    let scores = try score.scores(of: model.assembler(for: images), network: model.network) { done in
      context.report(StageProgress(done: done, total: (draws + 1) * images.count, label: "images"))
      if context.shouldStop { throw StageInterrupted() }
    }
    if let index = scores.firstIndex(where: { !$0.isFinite }) {
      throw SplitError.notFinite(score: scores[index], index: index)
    }
    let zeroShare = Double(scores.count { $0 == 0 }) / Double(scores.count)
    try context.output.root.write(
      scores, to: "scores",
      attributes: [
        "axes": "image", "meaning": "larger is more suspicious",
        "unit": "squared Euclidean distance of features; divide by feature_length for the mean",
      ])
    try context.output.root.setAttributes([
      "metric": .string(context[metric].rawValue),
      "feature_length": .integer(model.network.configuration.featureCount),
      "zero_share": .double(zeroShare),
    ])
    let ordered = scores.sorted()
    func quantile(_ share: Double) -> String {
      Text.number(ordered[Int(share * Double(ordered.count - 1))])
    }
    context.note(
      "scores: median \(quantile(0.5)), 95th percentile \(quantile(0.95)), largest \(quantile(1)); "
        + "\(Text.percent(zeroShare)) are exactly zero")
  }

  enum Metric: String, ParameterWord {
    case consistency = "fct"

    var summary: String {
      "feature consistency towards transformations: how far features move when the image is transformed"
    }
  }

  /// The words for the second transformation, of which there may be none.
  enum SecondTransformation: String, ParameterWord {
    case none, rotate, affine, flip, crop, blur, erase

    var kind: TransformationKind? { TransformationKind(rawValue: rawValue) }
    var summary: String { kind?.summary ?? "no second one" }
  }
}

extension TransformationKind: ParameterWord {
  public var summary: String {
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
