import Foundation
import HDF5
import Pipelines

/// Puts the evaluations of a sweep into one table, as papers print them: ACC and ASR for every copy.
///
/// One swept variable goes down the page, the others go across; or everything goes down. Over a variable
/// called `seed` the figures are averaged.
///
/// Output:
///
///     /rows             text [rows]      values of the variable that goes down
///     /columns          text [columns]   what the others are
///     /metrics/NAME     float64 [rows, columns]   means over the seeds, shares from 0 to 1; -1 where
///                                                 there is no such copy or no such figure
///     /deviations/NAME  float64 [rows, columns]   sample standard deviations over the seeds; -1 where
///                                                 there are fewer than two
///     /seeds            int64 [rows, columns]     over how many copies the means go
///     /text             text             the table, aligned
///     /csv              text             the table in percent, for spreadsheets
enum TableStage: Stage {
  static let evaluations = InputDeclaration(
    "evaluations", .evaluation, count: .many, "The copies: `evaluations <- evaluation[*]`.")
  static let rows = Parameter<Rows>.choice(
    "rows", default: .first, "What goes down the page.")
  static let figures = Parameter<Figures>.choice("figures", default: .published, "What is shown.")
  static let average = Parameter.flag(
    "average", default: true, "Whether the last row is the mean of the others.")

  static let declaration = StageDeclaration(
    kind: "table", version: 2, summary: "Puts the evaluations of a sweep into one table.",
    inputs: [evaluations],
    parameters: [rows.declaration, figures.declaration, average.declaration], output: .table)

  static func run(_ context: StageContext) throws {
    let entries = try context.openAll(evaluations).map {
      SweepTable.Entry(
        metrics: try EvaluationArtifact($0.file).metrics,
        choices: $0.choices.map { ($0.variable, $0.value) }, stage: $0.baseName)
    }
    let table = SweepTable(entries, rows: context[rows])
    let shown = context[figures].metrics.filter { metric in
      entries.contains { $0.metrics[metric.name] != nil }
    }
    let text = table.text(shown, hasAverage: context[average])
    try write(table, text: text, csv: table.csv(shown, hasAverage: context[average]), context)
    text.forEach(context.note)
  }

  private static func write(
    _ table: SweepTable, text: [String], csv: String, _ context: StageContext
  ) throws {
    let root = try context.output.root
    try root.write(
      table.rowNames, to: "rows", attributes: ["variable": .string(table.rowTitle)])
    try root.write(table.columnNames, to: "columns")
    let shape = [table.rowNames.count, table.columnNames.count]
    let means = try root.createGroup(
      "metrics",
      attributes: [
        "axes": "row, column", "unit": "share from 0 to 1, mean over the seeds",
        "meaning": "-1 where there is no such copy",
      ])
    let deviations = try root.createGroup(
      "deviations",
      attributes: [
        "axes": "row, column", "unit": "share from 0 to 1, sample standard deviation",
        "meaning": "-1 where there are fewer than two seeds",
      ])
    // Artifacts hold no NaN.
    func known(_ value: Double) -> Double { value.isNaN ? -1 : value }
    for name in table.metricNames {
      try means.write(table.cells.map { known($0.mean(name)) }, shape: shape, to: name)
      try deviations.write(table.cells.map { known($0.deviation(name)) }, shape: shape, to: name)
    }
    try root.write(
      table.cells.map(\.entries.count), shape: shape, to: "seeds",
      attributes: ["axes": "row, column", "meaning": "copies that the means go over"])
    try root.write(text.joined(separator: "\n"), to: "text")
    try root.write(csv, to: "csv", attributes: ["unit": "percent"])
  }

  enum Rows: String, ParameterWord {
    case first, last, stage, all

    var summary: String {
      switch self {
      case .first: "the first swept variable of the manifest"
      case .last: "the last one"
      case .stage: "the stages that evaluate, swept variables go across"
      case .all: "every copy, of whatever stage"
      }
    }
  }

  enum Figures: String, ParameterWord {
    case published, full

    var summary: String {
      switch self {
      case .published: "ACC / ASR"
      case .full: "ACC, accuracy on the target class, ASR, its floor, and R-ACC"
      }
    }

    var metrics: [SweepTable.Metric] {
      let (accuracy, success) = (
        SweepTable.Metric(name: "test_accuracy", title: "ACC"),
        SweepTable.Metric(name: "attack_success_rate", title: "ASR")
      )
      return switch self {
      case .published: [accuracy, success]
      case .full:
        [
          accuracy, .init(name: "test_target_class", title: "target"), success,
          .init(name: "attack_success_floor", title: "floor"),
          .init(name: "robust_accuracy", title: "R-ACC"),
        ]
      }
    }
  }
}
