import Foundation

/// The numbers of a figure, for people who do not see it and for programs.
package struct ChartNumbers: Hashable, Sendable {
  package let header: [String]
  package let rows: [[String]]

  package init(header: [String], rows: [[String]]) {
    self.header = header
    self.rows = rows
  }

  package var csv: String { CSVText.text([header] + rows) }

  /// Six significant digits, as a program reads them.
  package static func text(_ value: Double) -> String {
    value.isFinite ? String(format: "%.6g", value) : ""
  }
}
