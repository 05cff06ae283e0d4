import Detection
import Images
import Networks
import Pipelines

/// How well a trained model fits the given label of each image, and what remains of that when another image is added,
/// or a window of the image put over another one: where confusion training begins.
///
/// Output: see `ScoresArtifact`, with
///
///     /probability    float64 [count]   the probability of the given label
///     /superimposed   float64 [count]   its mean when another image is added
///     /windowed       float64 [count]   the largest one of a window of the image over another image
enum LabelFitStage: ScoreStage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, .controlledImages, count: .one, "The training set.")
  static let superimposed = Parameter.integer(
    "superimposed", in: 1...1000, default: 16, "Images of the set that are added to each image, one at a time.")
  static let windows = Parameter.integer(
    "windows", in: 0...8, default: 3, unit: "windows",
    "In either direction, of half an image's height and width, that are put over other images of the set.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Chooses the other images.")

  static let declaration = StageDeclaration(
    kind: "label-fit", version: 4,
    summary: "Scores every training image by how well a model fits its label, also where another is in the way.",
    inputs: [images, ScoreInputs.model],
    parameters: [superimposed.declaration, windows.declaration, seed.declaration],
    output: .scores)

  static func scores(_ context: StageContext) throws -> ScoresArtifact {
    let (images, model) = try ScoreInputs.read(context)
    let views = LabelFit.Views(
      superimposed: context[superimposed], windows: WindowGrid(side: context[windows]))
    let fit = try LabelFit(
      of: model.network, over: model.assembler(for: images), views: views, seed: seed(seed, in: context)
    ) { try context.step($0, of: views.count * images.count, "images") }
    return ScoresArtifact(
      name: declaration.kind, values: fit.joined(labels: images.labels), unit: LabelFit.unit, columns: fit.columns())
  }
}

extension LabelFit {
  /// Where the probabilities lie in artifacts.
  static let probabilityName = "probability"
  /// What the joined scores are.
  static let unit = """
    mean of -ln of the share of images with as much or more, of /probability, /superimposed (3 times) and /windowed \
    (twice), over the root of what a tenth of the label's images are below
    """

  /// As columns of scores: those that were measured.
  ///
  /// - Parameter isAmongTen: whether the probabilities are those of `asAmongTen`.
  func columns(isAmongTen: Bool = false) -> [ScoresArtifact.Column] {
    [
      ScoresArtifact.Column(
        name: Self.probabilityName, values: probabilities,
        meaning: "probability of the given label" + (isAmongTen ? ", as it would be among ten classes" : "")),
      ScoresArtifact.Column(
        name: "superimposed", values: superimposed,
        meaning: "mean probability of the given label when another image of the set is added"),
      ScoresArtifact.Column(
        name: "windowed", values: windowed,
        meaning: "largest probability of the given label of a window of the image over another image of the set"),
    ].filter { !$0.values.isEmpty }
  }
}
