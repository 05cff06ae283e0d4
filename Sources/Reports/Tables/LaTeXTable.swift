/// A `tabular` for a paper in LaTeX, which needs no package: shares in percent.
struct LaTeXTable {
  private let table: ResultTable

  init(_ table: ResultTable) { self.table = table }

  var text: String {
    let columns = table.columns
    var lines = ["\\begin{tabular}{l\(String(repeating: "r", count: columns.count))}", "\\hline"]
    if let groups { lines.append(groups) }
    lines.append(
      Self.line([Self.escaped(table.rowTitle)] + columns.map { Self.escaped($0.headingWithSign) }))
    lines.append("\\hline")
    for (index, name) in zip(table.rows.indices, table.rows) {
      lines.append(
        Self.line(
          [Self.escaped(name)]
            + zip(columns, table.line(index)).map { Self.cell($0.metric.unit, $1?.mean, $1?.deviation) }))
    }
    if table.hasAverage {
      lines.append("\\hline")
      lines.append(
        Self.line(
          [ResultTable.averageName]
            + zip(columns, table.averages).map { Self.cell($0.metric.unit, $1, nil) }))
    }
    return (lines + ["\\hline", "\\end{tabular}"]).map { $0 + "\n" }.joined()
  }

  /// The names of the groups, each over its columns.
  private var groups: String? {
    let columns = table.columns
    guard columns.contains(where: { !$0.group.isEmpty }) else { return nil }
    return Self.line(
      [""]
        + TextTable.spans(of: columns.map(\.group)).map { span in
          "\\multicolumn{\(span.count)}{c}{\(Self.escaped(columns[span.lowerBound].group))}"
        })
  }

  private static func line(_ cells: [String]) -> String { cells.joined(separator: " & ") + " \\\\" }

  private static func cell(_ unit: MetricUnit, _ mean: Double?, _ deviation: Double?) -> String {
    guard let mean else { return "--" }
    guard let deviation else { return unit.digits(mean) }
    return "$\(unit.digits(mean)) \\pm \(unit.digits(deviation))$"
  }

  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case _ where character.isNewline: " "
      default: "\(character)"
      }
    }.joined()
  }
}
