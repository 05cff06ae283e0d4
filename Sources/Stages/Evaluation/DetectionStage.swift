import Detection
import HDF5
import Pipelines
import Reports

/// Compares scores and split with the truth, where there is one.
///
/// Output:
///
///     /metrics/NAME   float64 scalars, see `MetricDeclaration.ofDetection`, each with its definition; only
///                     with truth, and with poisoned and clean images in it
///     attributes has_truth, and with truth poisoned_total of the root
///
/// Of a verdict, what it says and how many it names are metrics as well, with truth or without.
enum DetectionStage: Stage {
  static let scores = InputDeclaration("scores", .scores, count: .one, "The scores.")
  static let split = InputDeclaration(
    "split", .split, .verdict, count: .one, "The split made from them, or a verdict.")
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one,
    "The training set; what is measured needs to know which images are poisoned.")

  static let declaration = StageDeclaration(
    kind: "detection", version: 2,
    summary: "Measures how well scores and split found the poisoned samples (needs the truth).",
    inputs: [scores, split, images], output: .detection)

  static func run(_ context: StageContext) throws {
    let scores = try ScoresArtifact.readValues(context.open(scores))
    let splitFile = try context.open(split)
    let split = try SplitArtifact(splitFile).split
    let verdict = try verdictValues(of: split, in: splitFile)
    let truth = try TruthArtifact.read(context.open(images))
    let root = try context.output.root
    try root.setAttribute("has_truth", to: .string(truth == nil ? "no" : "yes"))
    guard let truth else {
      try writeIfAny(verdict, to: root)
      return context.note("no ground truth in this training set, so nothing to compare with")
    }
    let count = truth.isPoisoned.count
    for (name, found) in [("scores", scores.count), ("flags", split.flags.count)] where found != count {
      throw ArtifactError.differentCounts(name, found, "labels", count)
    }
    let total = truth.isPoisoned.count { $0 }
    try root.setAttribute("poisoned_total", to: .integer(total))
    guard let quality = DetectionQuality(scores: scores, split: split, isPoisoned: truth.isPoisoned)
    else {
      try writeIfAny(verdict, to: root)
      return context.note("all images or none are poisoned, so there is nothing to tell apart")
    }
    let values = values(of: quality) + verdict
      + (verdict.isEmpty ? [] : [MetricValue(.poisonedCount, Double(total))])
    try root.writeMetrics(values)
    values.lines.forEach(context.note)
    context.note("\(total) of \(count) images are poisoned")
  }

  /// What a verdict says; nothing of a split.
  private static func verdictValues(
    of split: SampleSplit, in file: HDF5.File
  ) throws -> [MetricValue] {
    guard let state = try VerdictArtifact.stateIfPresent(of: file) else { return [] }
    return [
      MetricValue(.calledPoisoned, state == .poisoned ? 1 : 0),
      MetricValue(.calledInconclusive, state == .inconclusive ? 1 : 0),
      MetricValue(.namedCount, Double(split.flags.count { $0 == .poisoned })),
    ]
  }

  private static func writeIfAny(_ values: [MetricValue], to root: HDF5.Group) throws {
    if !values.isEmpty { try root.writeMetrics(values) }
  }

  private static func values(of quality: DetectionQuality) -> [MetricValue] {
    [
      MetricValue(.areaUnderCurve, quality.areaUnderCurve),
      MetricValue(.cleanPrecision, quality.cleanPrecision),
      MetricValue(.cleanRecall, quality.cleanRecall),
      MetricValue(.poisonedPrecision, quality.poisonedPrecision),
      MetricValue(.poisonedRecall, quality.poisonedRecall),
      MetricValue(.falsePositiveRate, quality.falsePositiveRate),
    ].compactMap(\.self)
  }
}
