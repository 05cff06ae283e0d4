/// A table for a terminal: aligned columns, every value with its unit.
///
///             ───── badnets ─────  ──── blend ────
///     lambda      ACC         ASR      ACC     ASR
///     0.001    57.60%  8.20 ± 1.1%   66.20%  0.00%
///
/// Where all columns are of one metric, that is named above the rows instead: "accuracy by class".
package struct TextTable {
  private let table: ResultTable

  package init(_ table: ResultTable) { self.table = table }

  package var lines: [String] {
    let columns = table.columns
    let hasGroups = columns.contains { !$0.group.isEmpty }
    let isOfOneMetric = hasGroups && Set(columns.map(\.heading)).count == 1
    let title =
      isOfOneMetric ? "\(columns[0].heading) by \(table.rowTitle)" : table.rowTitle
    let headings = columns.map { isOfOneMetric ? $0.group : $0.heading }
    let body = [[title] + headings] + rows
    guard hasGroups, !isOfOneMetric else { return AlignedText.lines(body, sides: [.left, .right]) }

    var widths = AlignedText.widths(of: body)
    let spans = Self.spans(of: columns.map(\.group))
    for span in spans {
      let missing = columns[span.lowerBound].group.count - Self.width(of: span, widths)
      if missing > 0 { widths[span.upperBound + 1] += missing }
    }
    let groups = spans.map { span in
      Self.spread(columns[span.lowerBound].group, over: Self.width(of: span, widths))
    }
    let above = ([AlignedText.padded("", to: widths[0], .left)] + groups)
      .joined(separator: AlignedText.gap)
    return [AlignedText.trimmed(above)]
      + AlignedText.lines(body, sides: [.left, .right], widths: widths)
  }

  private var rows: [[String]] {
    let columns = table.columns
    let rows = zip(table.rows.indices, table.rows).map { index, name in
      [name]
        + zip(columns, table.line(index)).map { column, cell in
          guard let cell else { return NumberFormat.missing }
          let unit = column.metric.unit
          return cell.deviation.map { unit.text(cell.mean, deviation: $0) } ?? unit.text(cell.mean)
        }
    }
    guard table.hasAverage else { return rows }
    return rows + [
      [ResultTable.averageName]
        + zip(columns, table.averages).map { column, mean in
          mean.map(column.metric.unit.text) ?? NumberFormat.missing
        }
    ]
  }

  /// Which columns, counted from 0, are of the same group as their neighbours.
  static func spans(of groups: [String]) -> [ClosedRange<Int>] {
    groups.indices.reduce(into: []) { spans, index in
      if let last = spans.last, groups[last.lowerBound] == groups[index] {
        spans[spans.count - 1] = last.lowerBound...index
      } else {
        spans.append(index...index)
      }
    }
  }

  /// The width of columns and of what is between them; before the first of them come the rows' names.
  private static func width(of span: ClosedRange<Int>, _ widths: [Int]) -> Int {
    span.reduce(0) { $0 + widths[$1 + 1] } + (span.count - 1) * AlignedText.gap.count
  }

  /// A name in the middle of a line over its columns.
  private static func spread(_ name: String, over width: Int) -> String {
    let free = width - name.count - 2
    guard free >= 2, !name.isEmpty else { return AlignedText.padded(name, to: width, .right) }
    return String(repeating: "─", count: free / 2) + " \(name) "
      + String(repeating: "─", count: free - free / 2)
  }
}
