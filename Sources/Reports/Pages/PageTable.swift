/// Tables in pages.
package enum PageTable {
  /// - Parameters:
  ///   - caption: what the table shows; screen readers say it first.
  ///   - words: the columns, besides the first, that hold words and not numbers.
  static func markup(
    caption: String, header: [String], rows: [[String]], words: Set<Int> = []
  ) -> Markup {
    let head = header.enumerated().map { column, title in
      words.contains(column)
        ? Markup.tag("th", ["scope": "col", "class": "words"], text: title)
        : .tag("th", ["scope": "col"], text: title)
    }
    let body = rows.map { row in
      Markup.tag(
        "tr", [:],
        row.enumerated().map { column, cell in
          if column == 0 { return .tag("th", ["scope": "row"], text: cell) }
          return words.contains(column)
            ? .tag("td", ["class": "words"], text: cell) : .tag("td", text: cell)
        })
    }
    // What scrolls must be reached by the keyboard.
    return .tag(
      "div", ["class": "wide", "tabindex": "0", "role": "region", "aria-label": caption],
      [
        .tag(
          "table", [:],
          [.tag("caption", text: caption), .tag("thead", [:], [.tag("tr", [:], head)]), .tag("tbody", [:], body)])
      ])
  }

  static func markup(caption: String, _ table: ResultTable) -> Markup {
    let columns = table.columns
    let isOfOneMetric = Set(columns.map(\.heading)).count == 1
    let header = columns.map { column in
      if column.group.isEmpty { return column.headingWithSign }
      return isOfOneMetric ? "\(column.group) (\(column.metric.unit.sign))" : "\(column.group) \(column.headingWithSign)"
    }
    let rows = zip(table.rows.indices, table.rows).map { index, name in
      [name]
        + zip(columns, table.line(index)).map { column, cell in
          guard let cell else { return NumberFormat.missing }
          let unit = column.metric.unit
          return unit.digits(cell.mean) + (cell.deviation.map { " ± \(unit.digits($0))" } ?? "")
        }
    }
    return markup(caption: caption, header: [table.rowTitle] + header, rows: rows)
  }
}
