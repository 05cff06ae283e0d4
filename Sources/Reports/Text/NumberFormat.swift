import Foundation

/// Numbers as people read them.
package enum NumberFormat {
  /// In the place of a number that there is none of.
  package static let missing = "–"

  /// A share from 0 to 1 in percent: "97.31%".
  package static func percent(_ share: Double) -> String {
    share.isNaN ? missing : hundredths(100 * share) + "%"
  }

  /// Four significant digits.
  package static func significant(_ value: Double) -> String {
    value.isNaN ? missing : String(format: "%.4g", value)
  }

  /// Two decimals.
  static func hundredths(_ value: Double) -> String {
    value.isNaN ? missing : String(format: "%.2f", value)
  }

  /// No decimals.
  static func whole(_ value: Double) -> String {
    value.isNaN ? missing : String(format: "%.0f", value)
  }

  /// Counts with what they are counts of: "airplane 210, automobile 190"; of many the largest, and what is left.
  package static func counts(_ counts: [Int], of names: [String], most: Int = 20) -> String {
    var all = Array(zip(names, counts).enumerated())
    if all.count > most { all.sort { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) } }
    let rest = all.dropFirst(most).map(\.element.1)
    return all.prefix(most).map { "\($0.element.0) \($0.element.1)" }.joined(separator: ", ")
      + (rest.isEmpty ? "" : ", \(rest.count) others \(rest.reduce(0, +))")
  }
}
