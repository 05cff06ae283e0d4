/// Cells under each other, in columns as wide as their widest cell.
package enum AlignedText {
  package enum Side: Hashable, Sendable { case left, right }

  /// What stands between two columns.
  static let gap = "  "

  /// A line for each row, without spaces at its end; rows may be shorter than others.
  ///
  /// - Parameters:
  ///   - sides: where the cells of each column stand; those of further columns stand as the last.
  ///   - widths: how wide each column is at least.
  package static func lines(
    _ rows: [[String]], sides: [Side] = [.left], widths minima: [Int] = []
  ) -> [String] {
    let widths = widths(of: rows, atLeast: minima)
    return rows.map { row in
      let line = zip(row.indices, row).map { column, cell in
        let side = column < sides.count ? sides[column] : sides.last ?? .left
        return padded(cell, to: widths[column], side)
      }.joined(separator: gap)
      return trimmed(line)
    }
  }

  static func widths(of rows: [[String]], atLeast minima: [Int] = []) -> [Int] {
    let columns = max(rows.map(\.count).max() ?? 0, minima.count)
    return (0..<columns).map { column in
      let cells = rows.lazy.filter { column < $0.count }.map { $0[column].count }
      return max(cells.max() ?? 0, column < minima.count ? minima[column] : 0)
    }
  }

  static func padded(_ cell: String, to width: Int, _ side: Side) -> String {
    let padding = String(repeating: " ", count: max(0, width - cell.count))
    return side == .left ? cell + padding : padding + cell
  }

  static func trimmed(_ line: String) -> String {
    line.lastIndex { $0 != " " }.map { String(line[...$0]) } ?? ""
  }
}
