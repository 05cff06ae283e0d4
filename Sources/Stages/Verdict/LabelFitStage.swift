import Detection
import Images
import Networks
import Pipelines

/// How well a trained model fits the given label of each image, and how much of that a random shift takes
/// away: where confusion training begins.
///
/// Output: see `ScoresArtifact`, with
///
///     /probability   float64 [count]   the probability of the given label
///     /contrast      float64 [count]   its logit less that over random views
enum LabelFitStage: ScoreStage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, .controlledImages, count: .one, "The training set.")
  static let draws = Parameter.integer(
    "draws", in: 1...1000, default: 2, "Random views of each image.")
  static let reach = Parameter.integer(
    "reach", in: 0...16, default: 6, unit: "pixels",
    "How far views are shifted at most, around the edge, in images of 32 pixels; half are mirrored.")
  static let seed = Parameter.integer("seed", in: 0...Int(Int32.max), default: 1, "Chooses the views.")

  static let declaration = StageDeclaration(
    kind: "label-fit", version: 1,
    summary: "Scores every training image by how well a model fits its label, and a shifted view does not.",
    inputs: [images, ScoreInputs.model],
    parameters: [draws.declaration, reach.declaration, seed.declaration], output: .scores)

  static func scores(_ context: StageContext) throws -> ScoresArtifact {
    let (images, model) = try ScoreInputs.read(context)
    let fit = try LabelFit(
      of: model.network, over: model.assembler(for: images), view: WrapAround(reach: context[reach]),
      draws: context[draws], seed: seed(seed, in: context)
    ) { try context.step($0, of: (context[draws] + 1) * images.count, "images") }
    return ScoresArtifact(
      name: declaration.kind, values: fit.largerRanks,
      unit: "rank over the number of images: the larger one of /probability and /contrast",
      columns: fit.columns)
  }
}

extension LabelFit {
  /// Where the probabilities lie in artifacts.
  static let probabilityName = "probability"

  /// As columns of scores.
  var columns: [ScoresArtifact.Column] {
    let all = [
      ScoresArtifact.Column(
        name: Self.probabilityName, values: probabilities, meaning: "probability of the given label"),
      ScoresArtifact.Column(
        name: "contrast", values: contrasts,
        meaning: "logit of the probability less that of its mean over random views"),
    ]
    return contrasts.isEmpty ? [all[0]] : all
  }
}
