/// A table for spreadsheets and programs, by RFC 4180: shares in percent, nothing where nothing was
/// measured. Where any value is a mean over several, each is followed by its deviation and their number; those that
/// were published by others have neither.
struct CSVTable {
  private let table: ResultTable

  init(_ table: ResultTable) { self.table = table }

  var text: String { CSVText.text([header] + rows) }

  private var hasDeviations: Bool {
    table.rows.indices.contains { row in table.line(row).contains { ($0?.count ?? 1) > 1 } }
  }

  private var header: [String] {
    [table.rowTitle]
      + table.columns.flatMap { column in
        let group = column.group.isEmpty ? "" : column.group + " "
        let (name, unit) = (group + column.heading, column.metric.unit.sign)
        let sign = unit.isEmpty ? "" : " (\(unit))"
        return hasDeviations && !column.isPublished
          ? [name + sign, "\(name) deviation\(sign)", "\(name) count"] : [name + sign]
      }
  }

  private var rows: [[String]] {
    let (columns, hasDeviations) = (table.columns, hasDeviations)
    func fields(_ column: ResultTable.Column, _ cell: ResultCell?) -> [String] {
      let unit = column.metric.unit
      let mean = cell.map { unit.digits($0.mean) } ?? ""
      guard hasDeviations, !column.isPublished else { return [mean] }
      return [mean, cell?.deviation.map(unit.digits) ?? "", cell.map { "\($0.count)" } ?? ""]
    }
    let rows = zip(table.rows.indices, table.rows).map { index, name in
      [name] + zip(columns, table.line(index)).flatMap { fields($0, $1) }
    }
    guard table.hasAverage else { return rows }
    return rows + [
      [ResultTable.averageName]
        + zip(columns, table.averages).flatMap { column, mean in
          [mean.map(column.metric.unit.digits) ?? ""] + (hasDeviations && !column.isPublished ? ["", ""] : [])
        }
    ]
  }
}
