import Detection
import Pipelines

/// Joins verdicts that were reached from different first networks (see `Verdict.joining`).
///
/// Output: see `VerdictArtifact`, and /suspect_names as the verdicts have them.
enum JointVerdictStage: Stage {
  static let verdicts = InputDeclaration(
    "verdicts", .verdict, count: .many, "Verdicts on the same images: `verdicts <- verdict[*]`.")
  static let votes = Parameter.integer(
    "votes", in: 1...1000, default: 1, unit: "verdicts",
    "How many of them have to say poisoned, and to name an image.")

  static let declaration = StageDeclaration(
    kind: "joint-verdict", version: 4, summary: "Joins verdicts from several first networks into one.",
    inputs: [verdicts], parameters: [votes.declaration], output: .verdict)

  static func run(_ context: StageContext) throws {
    let inputs = try context.openAll(verdicts)
    let found = try inputs.map { try VerdictArtifact($0.file) }
    guard let first = found.first else { return }
    for (input, artifact) in zip(inputs, found) {
      try artifact.requireSameSamples(
        labels: first.labels, classNames: first.classNames, inputs[0].name, input.name)
    }
    let joint = VerdictArtifact(
      verdict: .joining(found.map(\.verdict), votes: min(context[votes], found.count), labels: first.labels),
      labels: first.labels, classNames: first.classNames)
    try joint.write(to: context.output)
    // What is named here is named in one of them at least.
    try inputs.compactMap { try SuspectNames($0.file) }.reduce(SuspectNames?.none) { $0?.adding($1) ?? $1 }?
      .write(joint.verdict.named, to: context.output)
    let text = VerdictText(joint)
    context.note(text.sentence)
    for (input, artifact) in zip(inputs, found) {
      context.note(
        "\(input.name): \(artifact.verdict.state.rawValue), \(artifact.verdict.named.count) named")
    }
    text.details.forEach(context.note)
  }
}
