import Attacks
import Detection
import HDF5
import Pipelines

/// Adds to a verdict what it would have found: what the same stages found of the controls in copies of the set.
///
/// Output: the verdict, see `VerdictArtifact`, and /suspect_names as it has them.
enum PowerStage: Stage {
  static let verdicts = InputDeclaration(
    "verdicts", .verdict, count: .many, "The verdict on the set, and after it those on its copies.")
  static let copies = InputDeclaration(
    "copies", .controlledImages, count: .many, "The copies, in the same order.")

  static let declaration = StageDeclaration(
    kind: "power", version: 4, summary: "Adds to a verdict which triggers it would have found.",
    inputs: [verdicts, copies], parameters: [], output: .verdict)

  static func run(_ context: StageContext) throws {
    let files = try context.openAll(verdicts)
    let copies = try context.openAll(copies)
    guard let first = files.first, files.count == copies.count + 1 else {
      throw ArtifactError.differentCounts("verdicts", files.count, "copies and the set itself", copies.count + 1)
    }
    var artifact = try VerdictArtifact(first.file)
    var (controls, others) = ([ControlOutcome](), 0)
    for (copy, found) in zip(copies, files.dropFirst()) {
      let verdict = try VerdictArtifact(found.file).verdict
      guard verdict.flags.count == artifact.verdict.flags.count else {
        throw ArtifactError.differentCounts(
          "flags of '\(found.name)'", verdict.flags.count, "flags of '\(first.name)'", artifact.verdict.flags.count)
      }
      let planted = try ControlArtifact.read(copy.file)
      let count = try copy.file.root.dataset("labels").shape.first ?? 0
      guard count == verdict.flags.count,
        planted.allSatisfy({ ($0.planted + $0.placebos).allSatisfy(verdict.flags.indices.contains) })
      else {
        throw ArtifactError.differentCounts("flags", verdict.flags.count, "images of '\(copy.name)'", count)
      }
      let outcomes = planted.map {
        ControlOutcome(
          name: $0.kind.rawValue, phrase: $0.kind.phrase, target: $0.target, planted: $0.planted,
          placebos: $0.placebos, in: verdict)
      }
      others += verdict.named.count - outcomes.reduce(0) { $0 + $1.named + $1.placebosNamed }
      controls += outcomes
    }
    artifact.power = DetectionPower(controls: controls, othersNamed: others)
    try artifact.write(to: context.output)
    try SuspectNames(first.file)?.write(artifact.verdict.named, to: context.output)
    let text = VerdictText(artifact)
    context.note(text.sentence)
    text.powerLines.forEach(context.note)
  }
}
