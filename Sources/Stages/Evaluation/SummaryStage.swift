import HDF5
import Pipelines

/// Puts the figures of several evaluated models side by side: before the repair, after it, and so on.
///
/// Output:
///
///     /models          text [models]              names of the stages
///     /metrics/NAME    float64 [models]           shares from 0 to 1, for metrics that all models have
///     /class_accuracy  float64 [models, classes]  for classes that have test images
enum SummaryStage: Stage {
  static let models = InputDeclaration(
    "models", .evaluation, count: .many, "The evaluations, in the order of the table.")
  static let detection = InputDeclaration(
    "detection", .detection, count: .optional, "How well the split found the poisoned samples.")

  static let declaration = StageDeclaration(
    kind: "summary", version: 1, summary: "Shows the evaluations of several models side by side.",
    inputs: [models, detection], output: .summary)

  private static let columns: [(metric: String, title: String)] = [
    ("test_accuracy", "ACC"), ("test_accuracy_without_target", "ACC w/o target"),
    ("test_target_class", "target class"), ("attack_success_rate", "ASR"),
    ("attack_success_floor", "ASR floor"), ("robust_accuracy", "R-ACC"),
  ]

  static func run(_ context: StageContext) throws {
    let found = try context.openAll(models).map { ($0.name, try EvaluationArtifact($0.file)) }
    guard let first = found.first?.1 else { return }
    let root = try context.output.root
    try root.write(
      found.map(\.0), to: "models", attributes: ["meaning": "the stages that evaluated the models"])
    let shown = columns.filter { column in
      found.allSatisfy { $0.1.metrics[column.metric] != nil }
    }
    let group = try root.createGroup(
      "metrics", attributes: ["axes": "model", "unit": "share from 0 to 1"])
    for column in shown {
      try group.write(
        found.map { $0.1.metrics[column.metric] ?? 0 }, to: column.metric,
        attributes: ["title": .string(column.title)])
    }
    if let file = try context.openIfGiven(detection),
      try file.root.hasAttribute("auroc")
    {
      let values = try ["auroc", "clean_precision", "poisoned_precision"].map {
        Text.percent(try file.root.attribute($0) as Double)
      }
      context.note(
        "detection: AUROC \(values[0]), named clean and clean \(values[1]), "
          + "named poisoned and poisoned \(values[2])")
    }
    let rows = [["model"] + shown.map(\.title)]
      + found.map { name, evaluation in
        [name] + shown.map { Text.percent(evaluation.metrics[$0.metric] ?? 0) }
      }
    Text.table(rows).forEach(context.note)
    try classTable(found, names: first.classNames, to: root, context)
  }

  private static func classTable(
    _ found: [(String, EvaluationArtifact)], names: [String], to root: HDF5.Group,
    _ context: StageContext
  ) throws {
    guard found.allSatisfy({ $0.1.classNames == names }) else { return }
    let tested = names.indices.filter { k in found.allSatisfy { $0.1.classCounts[k] > 0 } }
    let accuracy = found.map { _, evaluation in
      tested.map { Double(evaluation.classCorrect[$0]) / Double(evaluation.classCounts[$0]) }
    }
    try root.write(
      accuracy.flatMap { $0 }, shape: [found.count, tested.count], to: "class_accuracy",
      attributes: [
        "axes": "model, class", "unit": "share from 0 to 1",
        "class_names": .strings(tested.map { names[$0] }),
      ])
    guard tested.count <= 20 else { return }
    var rows = [["accuracy per class"] + tested.map { names[$0] }]
      + zip(found, accuracy).map { [$0.0] + $1.map(Text.percent) }
    // The longer side goes down the page.
    if tested.count > found.count { rows = Text.transposed(rows) }
    Text.table(rows).forEach(context.note)
  }
}
