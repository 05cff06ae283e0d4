/// A table for a page in Markdown (GitHub's tables), shares in percent.
struct MarkdownTable {
  private let table: ResultTable

  init(_ table: ResultTable) { self.table = table }

  var text: String {
    ([header, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  private var header: [String] {
    [Self.escaped(table.rowTitle)]
      + table.columns.map {
        Self.escaped(($0.group.isEmpty ? "" : $0.group + " ") + $0.headingWithSign)
      }
  }

  private var rule: [String] { ["---"] + table.columns.map { _ in "---:" } }

  private var rows: [[String]] {
    let columns = table.columns
    let rows = zip(table.rows.indices, table.rows).map { index, name in
      [Self.escaped(name)]
        + zip(columns, table.line(index)).map { column, cell in
          guard let cell else { return NumberFormat.missing }
          let digits = column.metric.unit.digits
          return digits(cell.mean) + (cell.deviation.map { " ± " + digits($0) } ?? "")
        }
    }
    guard table.hasAverage else { return rows }
    return rows + [
      ["**\(ResultTable.averageName)**"]
        + zip(columns, table.averages).map { column, mean in
          "**\(mean.map(column.metric.unit.digits) ?? NumberFormat.missing)**"
        }
    ]
  }

  /// What has a meaning in a cell, but for words that the reader may want to be so.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if "\\|*_`<[".contains(character) { result.append("\\") }
      result.append(character.isNewline ? " " : character)
    }
  }
}
