import Foundation

/// Figures as the stages print them.
enum Text {
  /// `97.31%`
  static func percent(_ share: Double) -> String {
    share.isNaN ? "–" : String(format: "%.2f%%", 100 * share)
  }

  /// Four significant digits.
  static func number(_ value: Double) -> String { String(format: "%.4g", value) }

  /// `airplane 210, automobile 190, …`
  static func counts(_ counts: [Int], of names: [String]) -> String {
    zip(names, counts).map { "\($0) \($1)" }.joined(separator: ", ")
  }

  /// Rows as columns; all rows are equally long.
  static func transposed(_ rows: [[String]]) -> [[String]] {
    (rows.first ?? []).indices.map { column in rows.map { $0[column] } }
  }

  /// Rows of cells under each other: the first column to the left, the others to the right.
  static func table(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }.joined(separator: "  ")
    }
  }
}
