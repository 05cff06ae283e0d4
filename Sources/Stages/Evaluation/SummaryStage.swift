import HDF5
import Pipelines
import Reports

/// Puts the evaluations of several models side by side: before the repair, after it, and so on.
///
/// Output: see `TableArtifact`, a row for each model, and
///
///     /class_accuracy  float64 [models, classes]  for classes that have test images, where all models
///                                                 know the same
enum SummaryStage: Stage {
  static let models = InputDeclaration(
    "models", .evaluation, count: .many, "The evaluations, in the order of the table.")
  static let detection = InputDeclaration(
    "detection", .detection, count: .optional, "How well the split found the poisoned samples.")

  static let declaration = StageDeclaration(
    kind: "summary", version: 2, summary: "Shows the evaluations of several models side by side.",
    inputs: [models, detection], output: .summary)

  static func run(_ context: StageContext) throws {
    let found = try context.openAll(models).map {
      (name: $0.name, evaluation: try EvaluationArtifact($0.file))
    }
    let root = try context.output.root
    try context.openIfGiven(detection)?.root.readMetrics().lines.forEach(context.note)
    let table = ResultTable(
      rowTitle: "model", rows: found.map(\.name), metrics: MetricDeclaration.ofModels
    ) { model, _, metric in
      found[model].evaluation.values[metric].map(ResultCell.init)
    }.withoutEmptyMetrics
    try TableArtifact.write(table, shown: table.metrics, to: root)
    TextTable(table).lines.forEach(context.note)
    guard let classes = ClassAccuracy(found) else { return }
    try root.write(
      classes.shares.flatMap(\.self), shape: [found.count, classes.names.count],
      to: MetricDeclaration.classAccuracy.name,
      attributes: MetricDeclaration.classAccuracy.attributes.merging([
        "axes": "model, class", "class_names": .strings(classes.names),
      ]) { $1 })
    if classes.names.count <= 20 { TextTable(classes.table).lines.forEach(context.note) }
  }
}

/// The accuracy of several models on each class that has test images.
private struct ClassAccuracy {
  let models: [String]
  let names: [String]
  /// `[models, classes]`.
  let shares: [[Double]]

  /// - Returns: `nil` where the models know different classes.
  init?(_ found: [(name: String, evaluation: EvaluationArtifact)]) {
    guard let all = found.first?.evaluation.classNames,
      found.allSatisfy({ $0.evaluation.classNames == all })
    else { return nil }
    let tested = all.indices.filter { k in found.allSatisfy { $0.evaluation.classCounts[k] > 0 } }
    models = found.map(\.name)
    names = tested.map { all[$0] }
    shares = found.map { _, evaluation in
      tested.map { Double(evaluation.classCorrect[$0]) / Double(evaluation.classCounts[$0]) }
    }
  }

  /// The longer side goes down the page.
  var table: ResultTable {
    names.count > models.count
      ? ResultTable(rowTitle: "class", rows: names, groups: models, metrics: [.classAccuracy]) {
        row, group, _ in ResultCell(shares[group][row])
      }
      : ResultTable(rowTitle: "model", rows: models, groups: names, metrics: [.classAccuracy]) {
        row, group, _ in ResultCell(shares[row][group])
      }
  }
}
