/// What is wrong with a text of published values, and where.
package struct PublishedValuesError: Error, Hashable {
  package enum Reason: Hashable, Sendable {
    case empty
    case unknownColumn(String, places: [String], metrics: [String])
    case repeatedColumn(String)
    case noMetric([String])
    case wordCount(Int, expected: Int)
    case notANumber(String)
    case outOfRange(String, isShare: Bool)
    case repeated(firstLine: Int)
  }

  /// Both counted from 1; the column in characters.
  package let line: Int
  package let column: Int
  package let reason: Reason

  init(line: Int, column: Int, _ reason: Reason) {
    self.line = line
    self.column = column
    self.reason = reason
  }
}

extension PublishedValuesError: CustomStringConvertible {
  /// "3:14: '101' is …; …": the place, what is wrong, and what to do about it.
  package var description: String { "\(line):\(column): \(text)" }

  private var text: String {
    switch reason {
    case .empty: "there is nothing in it; the first line names the columns"
    case .unknownColumn(let name, let places, let metrics):
      """
      there is no column '\(name)'; a column is what the measured copies differ in (\(Self.list(places))) or a \
      metric (\(Self.list(metrics)))
      """
    case .repeatedColumn(let name): "the column '\(name)' is there twice; leave one out"
    case .noMetric(let metrics): "no column is a metric; name one of \(Self.list(metrics))"
    case .wordCount(let count, let expected):
      "\(count) words under \(expected) columns; write '-' for what was not published"
    case .notANumber(let word): "'\(word)' is not a number; write such as 92.83, or '-' for what was not published"
    case .outOfRange(let word, isShare: true): "'\(word)' is not a share in percent; it goes from 0 to 100"
    case .outOfRange(let word, isShare: false): "'\(word)' is below 0; write a number that is not"
    case .repeated(let firstLine): "line \(firstLine) has values for the same place; leave one out"
    }
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
