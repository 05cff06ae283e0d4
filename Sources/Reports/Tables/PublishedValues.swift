/// Values that others have published, from a text, to stand beside what was measured.
///
///     # Table 2, CIFAR-10.
///     attack           stage  test_accuracy  attack_success_rate
///     badnets-all2one  FT             88.99                66.79
///     badnets-all2one  D-BR           92.83                    -
///
/// The first line names the columns: swept variables and `stage`, which say where the values of a line belong, and
/// metrics by their names in artifacts. Shares are in percent; `-` is for what was not published. `#` begins a comment
/// at the beginning of a line or after a space.
package struct PublishedValues: Hashable, Sendable {
  /// The word for the stages that were copied, beside the variables.
  package static let stageColumn = "stage"

  struct Line: Hashable {
    /// One for each of `keys`.
    let places: [String]
    /// Shares from 0 to 1.
    let values: [MetricDeclaration: Double]
  }

  /// Swept variables, and `stageColumn`.
  let keys: [String]
  let lines: [Line]

  /// The metrics that can be published.
  static let metrics = MetricDeclaration.ofModels + MetricDeclaration.ofDetection

  /// Reads a text.
  ///
  /// - Parameter variables: those that the measured copies differ in.
  /// - Throws: `PublishedValuesError` for the first line that is wrong.
  package init(_ text: String, variables: [String]) throws(PublishedValuesError) {
    var rest = Self.words(of: text)[...]
    guard let header = rest.popFirst() else { throw PublishedValuesError(line: 1, column: 1, .empty) }
    let columns = try Self.columns(header, variables: variables)
    keys = columns.compactMap { if case .key(let name) = $0 { name } else { nil } }
    var lines: [Line] = []
    var known: [[String]: Int] = [:]
    for row in rest {
      guard row.words.count == columns.count else {
        let place = row.words[min(row.words.count, columns.count + 1) - 1]
        throw PublishedValuesError(
          line: row.number, column: place.column, .wordCount(row.words.count, expected: columns.count))
      }
      let line = try Self.line(row, columns)
      if let first = known.updateValue(row.number, forKey: line.places) {
        throw PublishedValuesError(line: row.number, column: row.words[0].column, .repeated(firstLine: first))
      }
      lines.append(line)
    }
    self.lines = lines
  }

  private enum Column {
    case key(String)
    case metric(MetricDeclaration)
  }

  private static func columns(_ header: Row, variables: [String]) throws(PublishedValuesError) -> [Column] {
    var columns: [Column] = []
    var hasMetric = false
    var seen: Set<String> = []
    for word in header.words {
      func error(_ reason: PublishedValuesError.Reason) -> PublishedValuesError {
        PublishedValuesError(line: header.number, column: word.column, reason)
      }
      guard seen.insert(word.text).inserted else { throw error(.repeatedColumn(word.text)) }
      if word.text == stageColumn || variables.contains(word.text) {
        columns.append(.key(word.text))
      } else if let metric = metrics.first(where: { $0.name == word.text }) {
        columns.append(.metric(metric))
        hasMetric = true
      } else {
        throw error(.unknownColumn(word.text, places: variables + [stageColumn], metrics: metrics.map(\.name)))
      }
    }
    guard hasMetric else {
      throw PublishedValuesError(line: header.number, column: 1, .noMetric(metrics.map(\.name)))
    }
    return columns
  }

  private static func line(_ row: Row, _ columns: [Column]) throws(PublishedValuesError) -> Line {
    var places: [String] = []
    var values: [MetricDeclaration: Double] = [:]
    for (word, column) in zip(row.words, columns) {
      switch column {
      case .key: places.append(word.text)
      case .metric(let metric):
        guard word.text != "-" else { continue }
        guard let value = Double(word.text), value.isFinite else {
          throw PublishedValuesError(line: row.number, column: word.column, .notANumber(word.text))
        }
        guard value >= 0, metric.unit != .share || value <= 100 else {
          throw PublishedValuesError(
            line: row.number, column: word.column, .outOfRange(word.text, isShare: metric.unit == .share))
        }
        values[metric] = metric.unit == .share ? value / 100 : value
      }
    }
    return Line(places: places, values: values)
  }
}

// MARK: - Words

extension PublishedValues {
  private struct Word {
    let text: String
    /// Counted from 1.
    let column: Int
  }

  /// A line with anything on it.
  private struct Row {
    /// Counted from 1.
    let number: Int
    let words: [Word]
  }

  private static func words(of text: String) -> [Row] {
    let content = text.first == "\u{FEFF}" ? text.dropFirst() : text[...]
    return content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().compactMap {
      let words = words(ofLine: Array($1))
      return words.isEmpty ? nil : Row(number: $0 + 1, words: words)
    }
  }

  private static func words(ofLine line: [Character]) -> [Word] {
    var words: [Word] = []
    var position = 0
    while position < line.count {
      if line[position].isWhitespace {
        position += 1
        continue
      }
      if line[position] == "#" { break }
      let end = line[position...].firstIndex(where: \.isWhitespace) ?? line.count
      words.append(Word(text: String(line[position..<end]), column: position + 1))
      position = end
    }
    return words
  }
}
