import Defenses
import Detection
import Pipelines

/// Compares scores and split with the truth, where there is one.
///
/// Output:
///
///     attributes has_truth, and with truth auroc, clean_precision, clean_recall, poisoned_precision,
///     poisoned_recall (shares from 0 to 1), poisoned_total of the root
enum DetectionStage: Stage {
  static let scores = InputDeclaration("scores", .scores, count: .one, "The scores.")
  static let split = InputDeclaration("split", .split, count: .one, "The split made from them.")
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one,
    "The training set; what is measured needs to know which images are poisoned.")

  static let declaration = StageDeclaration(
    kind: "detection", version: 1,
    summary: "Measures how well scores and split found the poisoned samples (needs the truth).",
    inputs: [scores, split, images], output: .detection)

  static func run(_ context: StageContext) throws {
    let scores = try ScoresArtifact.readValues(context.open(scores))
    let split = try SplitArtifact(context.open(split)).split
    let truth = try TruthArtifact.read(context.open(images))
    let root = try context.output.root
    try root.setAttribute("has_truth", to: .string(truth == nil ? "no" : "yes"))
    guard let truth else {
      context.note("detection: no ground truth in this training set, so nothing to compare with")
      return
    }
    guard truth.isPoisoned.count == scores.count, scores.count == split.flags.count else {
      throw ArtifactError.differentCounts("scores", scores.count, "flags", split.flags.count)
    }
    guard let quality = DetectionQuality(scores: scores, split: split, isPoisoned: truth.isPoisoned)
    else {
      context.note("detection: all images or none are poisoned, so there is nothing to separate")
      return
    }
    let total = truth.isPoisoned.count { $0 }
    try root.setAttributes([
      "auroc": .double(quality.areaUnderCurve),
      "clean_precision": .double(quality.cleanPrecision),
      "clean_recall": .double(quality.cleanRecall),
      "poisoned_precision": .double(quality.poisonedPrecision),
      "poisoned_recall": .double(quality.poisonedRecall),
      "poisoned_total": .integer(total),
      "definitions": """
        auroc: probability that a poisoned image scores above a clean one, ties half. precision: share \
        of the set named so that truly is. recall: share of all such images that the set holds.
        """,
    ])
    context.note(
      "detection: AUROC \(Text.percent(quality.areaUnderCurve)); of those named clean "
        + "\(Text.percent(quality.cleanPrecision)) are clean; of those named poisoned "
        + "\(Text.percent(quality.poisonedPrecision)) are poisoned, which is "
        + "\(Text.percent(quality.poisonedRecall)) of all \(total) poisoned images")
  }
}
