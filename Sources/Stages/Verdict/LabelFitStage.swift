import Detection
import Images
import Networks
import Pipelines

/// How well a trained model fits the given label of each image, and what remains of that when the image is shifted or
/// another one added: where confusion training begins.
///
/// Output: see `ScoresArtifact`, with
///
///     /probability    float64 [count]   the probability of the given label
///     /contrast       float64 [count]   its logit less that over random shifts
///     /superimposed   float64 [count]   its mean when another image is added
enum LabelFitStage: ScoreStage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, .controlledImages, count: .one, "The training set.")
  static let draws = Parameter.integer(
    "draws", in: 1...1000, default: 2, "Random shifts of each image.")
  static let reach = Parameter.integer(
    "reach", in: 0...16, default: 6, unit: "pixels",
    "How far images are shifted at most, around the edge, in images of 32 pixels; half are mirrored.")
  static let superimposed = Parameter.integer(
    "superimposed", in: 1...1000, default: 16, "Images of the set that are added to each image, one at a time.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Chooses the shifts and what is added.")

  static let declaration = StageDeclaration(
    kind: "label-fit", version: 3,
    summary: "Scores every training image by how well a model fits its label, also where another is added.",
    inputs: [images, ScoreInputs.model],
    parameters: [draws.declaration, reach.declaration, superimposed.declaration, seed.declaration],
    output: .scores)

  static func scores(_ context: StageContext) throws -> ScoresArtifact {
    let (images, model) = try ScoreInputs.read(context)
    let views = LabelFit.Views(
      shifted: context[draws], by: WrapAround(reach: context[reach]), superimposed: context[superimposed])
    let fit = try LabelFit(
      of: model.network, over: model.assembler(for: images), views: views, seed: seed(seed, in: context)
    ) { try context.step($0, of: views.count * images.count, "images") }
    return ScoresArtifact(
      name: declaration.kind, values: fit.meanRanks,
      unit: "rank over the number of images: the mean of /probability, /contrast and twice /superimposed",
      columns: fit.columns)
  }
}

extension LabelFit {
  /// Where the probabilities lie in artifacts.
  static let probabilityName = "probability"

  /// As columns of scores: those that were measured.
  var columns: [ScoresArtifact.Column] {
    [
      ScoresArtifact.Column(
        name: Self.probabilityName, values: probabilities, meaning: "probability of the given label"),
      ScoresArtifact.Column(
        name: "contrast", values: contrasts,
        meaning: "logit of the probability less that of its mean over random shifts"),
      ScoresArtifact.Column(
        name: "superimposed", values: superimposed,
        meaning: "mean probability of the given label when another image of the set is added"),
    ].filter { !$0.values.isEmpty }
  }
}
