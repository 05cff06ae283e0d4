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
    "detection", .detection, count: .any,
    "How well a split or a verdict found the poisoned samples; several stand side by side.")

  static let declaration = StageDeclaration(
    kind: "summary", version: 2, summary: "Shows the evaluations of several models side by side.",
    inputs: [models, detection], output: .summary)

  static func run(_ context: StageContext) throws {
    let found = try context.openAll(models).map {
      (name: $0.name, evaluation: try EvaluationArtifact($0.file))
    }
    let root = try context.output.root
    let detections = try context.openAll(detection).map {
      (name: $0.name, values: try $0.file.root.readMetrics())
    }
    let lines =
      detections.count == 1
      ? detections[0].values.lines : [MetricValue].lines(sideBySide: detections)
    if !detections.isEmpty { lines.forEach(context.note) }
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
