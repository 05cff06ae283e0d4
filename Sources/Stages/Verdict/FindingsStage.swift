import Detection
import HDF5
import Pipelines

/// Tells a verdict in words, and holds a split of a fixed share against it: the last word of an audit.
///
/// Output:
///
///     /text      text   the verdict in one sentence, then on what evidence, a line each
///     /common    int64 [splits]   how many samples each split names poisoned that the verdict names as well
///     attribute verdict of the root
enum FindingsStage: Stage {
  static let verdict = InputDeclaration("verdict", .verdict, count: .one, "The verdict.")
  static let splits = InputDeclaration(
    "splits", .split, count: .many, "Splits of a fixed share, such as by FCT, to hold against it.")
  static let shown = Parameter.integer(
    "shown", in: 0...1000, default: 10, unit: "images", "How many of the suspects are listed.")

  static let declaration = StageDeclaration(
    kind: "findings", version: 1, summary: "Tells a verdict in words, and holds splits against it.",
    inputs: [verdict, splits], parameters: [shown.declaration], output: .summary)

  static func run(_ context: StageContext) throws {
    let artifact = try VerdictArtifact(context.open(verdict))
    let text = VerdictText(artifact)
    var lines = [text.sentence] + text.details
    if let suspects = text.suspects(context[shown]) { lines.append(suspects) }
    lines.forEach(context.note)
    var common: [Int] = []
    for input in try context.openAll(splits) {
      let split = try SplitArtifact(input.file).split
      guard split.flags.count == artifact.verdict.flags.count else {
        throw ArtifactError.differentCounts(
          "flags of '\(input.name)'", split.flags.count, "flags of the verdict",
          artifact.verdict.flags.count)
      }
      let comparison = text.comparison(with: split, named: input.name)
      comparison.agrees ? context.note(comparison.text) : context.warn(comparison.text)
      lines.append(comparison.text)
      common.append(comparison.common)
    }
    let root = try context.output.root
    try root.write(lines, to: "text")
    try root.write(
      common, to: "common",
      attributes: ["axes": "split", "meaning": "samples that it and the verdict name poisoned"])
    try root.setAttribute("verdict", to: .string(artifact.verdict.state.rawValue))
  }
}
