import Foundation

/// The evaluations of a sweep's copies, arranged by the values of the swept variables.
struct SweepTable {
  struct Metric {
    let name: String
    let title: String
  }

  /// A copy and its figures.
  struct Entry {
    let metrics: [String: Double]
    /// What the copy was made for, in the manifest's order of the variables.
    let choices: [(variable: String, value: String)]
    /// The stage's name in the manifest, without the choices.
    let stage: String
  }

  /// All copies that differ in the seed alone.
  struct Cell {
    var entries: [Entry] = []

    func values(_ metric: String) -> [Double] { entries.compactMap { $0.metrics[metric] } }

    func mean(_ metric: String) -> Double {
      let values = values(metric)
      return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    func deviation(_ metric: String) -> Double {
      let (values, mean) = (values(metric), mean(metric))
      guard values.count > 1 else { return .nan }
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(values.count - 1)).squareRoot()
    }
  }

  static let averagedVariable = "seed"

  /// The variable that goes down the page.
  let rowTitle: String
  let rowNames: [String]
  let columnNames: [String]
  /// Row by row.
  private(set) var cells: [Cell]

  init(_ entries: [Entry], rows: TableStage.Rows) {
    let variables = Self.distinct(entries.flatMap { $0.choices.map(\.variable) })
      .filter { $0 != Self.averagedVariable }
    let hasStages = Set(entries.map(\.stage)).count > 1
    let rowVariable =
      switch rows {
      case .first: variables.first
      case .last: variables.last
      case .stage, .all: nil as String?
      }
    func values(_ entry: Entry, but variable: String?) -> [String] {
      entry.choices.filter { $0.variable != variable && $0.variable != Self.averagedVariable }
        .map(\.value)
    }
    func row(_ entry: Entry) -> String {
      if let rowVariable { return entry.choices.first { $0.variable == rowVariable }?.value ?? "–" }
      guard rows == .all, !variables.isEmpty else { return entry.stage }
      return (values(entry, but: nil) + (hasStages ? [entry.stage] : [])).joined(separator: " ")
    }
    func column(_ entry: Entry) -> String {
      if rowVariable == nil { return rows == .all ? "" : values(entry, but: nil).joined(separator: " ") }
      return (values(entry, but: rowVariable) + (hasStages ? [entry.stage] : [])).joined(separator: " ")
    }
    rowTitle = rowVariable ?? (rows == .all && !variables.isEmpty ? "copy" : "stage")
    rowNames = Self.distinct(entries.map(row))
    columnNames = Self.distinct(entries.map(column))
    cells = Array(repeating: Cell(), count: rowNames.count * columnNames.count)
    for entry in entries {
      guard let y = rowNames.firstIndex(of: row(entry)),
        let x = columnNames.firstIndex(of: column(entry))
      else { continue }
      cells[y * columnNames.count + x].entries.append(entry)
    }
  }

  /// The names of all figures that any copy has.
  var metricNames: [String] { Set(cells.flatMap { $0.entries.flatMap(\.metrics.keys) }).sorted() }

  private static func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  private func cell(_ row: Int, _ column: Int) -> Cell { cells[row * columnNames.count + column] }

  /// The mean of a column's means; NaN if one is missing.
  private func average(_ column: Int, _ metric: String) -> Double {
    let means = rowNames.indices.map { cell($0, column).mean(metric) }
    return means.reduce(0, +) / Double(means.count)
  }

  /// Aligned lines, in percent: `52.31±0.42 / 0.00±0.00`.
  func text(_ metrics: [Metric], hasAverage: Bool) -> [String] {
    let titles = metrics.map(\.title).joined(separator: " / ")
    var lines = [[rowTitle] + columnNames.map { $0.isEmpty ? titles : $0 }]
    if columnNames.contains(where: { !$0.isEmpty }) { lines.append([""] + columnNames.map { _ in titles }) }
    for (row, name) in rowNames.enumerated() {
      lines.append(
        [name]
          + columnNames.indices.map { column in
            metrics.map { metric in
              let cell = cell(row, column)
              let deviation = cell.deviation(metric.name)
              return Self.percent(cell.mean(metric.name))
                + (deviation.isNaN ? "" : "±" + Self.percent(deviation))
            }.joined(separator: " / ")
          })
    }
    if hasAverage && rowNames.count > 1 {
      lines.append(
        ["average"]
          + columnNames.indices.map { column in
            metrics.map { Self.percent(average(column, $0.name)) }.joined(separator: " / ")
          })
    }
    return Text.table(lines)
  }

  /// A line for each row, a field for each figure of each column.
  func csv(_ metrics: [Metric], hasAverage: Bool) -> String {
    var lines = [
      [rowTitle] + columnNames.flatMap { name in metrics.map { name.isEmpty ? $0.title : "\(name) \($0.title)" } }
    ]
    for (row, name) in rowNames.enumerated() {
      lines.append(
        [name]
          + columnNames.indices.flatMap { column in
            metrics.map { Self.field(cell(row, column).mean($0.name)) }
          })
    }
    if hasAverage && rowNames.count > 1 {
      lines.append(
        ["average"]
          + columnNames.indices.flatMap { column in
            metrics.map { Self.field(average(column, $0.name)) }
          })
    }
    return lines.map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
  }

  private static func percent(_ share: Double) -> String {
    share.isNaN ? "–" : String(format: "%.2f", 100 * share)
  }

  private static func field(_ share: Double) -> String {
    share.isNaN ? "" : String(format: "%.2f", 100 * share)
  }

  /// RFC 4180.
  private static func quoted(_ field: String) -> String {
    field.contains { ",\"\n\r".contains($0) }
      ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
  }
}
