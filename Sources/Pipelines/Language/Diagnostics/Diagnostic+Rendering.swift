extension Diagnostic {
  /// The diagnostic as the user should see it:
  ///
  ///     pipelines/x.pipeline:12:5: error: unknown parameter 'epoch' for a stage of kind 'train'
  ///        12 |     epoch = 2
  ///           |     ^~~~~
  ///           = did you mean 'epochs'?
  package var rendered: String {
    var lines = Self.lines(span, severity == .error ? "error" : "warning", message)
    if let advice {
      lines.append("\(String(repeating: " ", count: Self.gutterWidth)) = \(advice)")
    }
    if let related { lines += Self.lines(related.span, "note", related.message) }
    return lines.joined(separator: "\n")
  }

  /// The width of the line numbers, and of the space before the bars below them.
  private static let gutterWidth = 5
  /// The longest stretch of a line that is shown.
  private static let lineWidth = 100

  private static func lines(_ span: SourceSpan, _ title: String, _ message: String) -> [String] {
    let location = span.location
    let message = visible(message)
    guard let line = span.line else { return ["\(location.file): \(title): \(message)"] }
    let snippet = snippet(of: Array(line), from: location.column - 1, length: span.length)
    let number = "\(location.line)".leftPadded(to: gutterWidth, with: " ")
    let gutter = String(repeating: " ", count: number.count)
    return [
      "\(location.file):\(location.line):\(location.column): \(title): \(message)",
      "\(number) | \(snippet.text)",
      "\(gutter) | \(snippet.marks)",
    ]
  }

  /// The part of a line around a span, and the marks to put below it.
  private static func snippet(
    of line: [Character], from start: Int, length: Int
  ) -> (text: String, marks: String) {
    let isLong = line.count > lineWidth
    let first = isLong ? max(0, min(start - lineWidth / 3, line.count - lineWidth)) : 0
    let last = isLong ? min(line.count, first + lineWidth) : line.count
    var text = first > 0 ? "…" : ""
    var marks = first > 0 ? " " : ""
    for index in first..<last {
      let shown = visible(line[index])
      text += shown
      guard index < start + max(1, length) else { continue }
      // A tab stays a tab, so that the marks are below their characters whatever its width.
      if index < start, line[index] == "\t" {
        marks += "\t"
      } else {
        let mark = index < start ? " " : index == start ? "^" : "~"
        marks += mark
        let filler = index < start ? " " : "~"
        marks += String(repeating: filler, count: max(0, width(of: line[index]) - 1))
      }
    }
    if start >= last { marks += "^" }
    return (last < line.count ? text + "…" : text, marks)
  }

  /// A text without control characters, which a terminal would obey.
  private static func visible(_ text: String) -> String {
    text.map { visible($0) }.joined()
  }

  private static func visible(_ character: Character) -> String {
    let isControl = character.unicodeScalars.contains {
      ($0.value < 0x20 && $0 != "\t") || (0x7F...0x9F).contains($0.value)
    }
    return isControl ? "\u{FFFD}" : String(character)
  }

  /// How many columns a terminal gives to a character: two for East Asian ones and for pictures.
  private static func width(of character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default:
      return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }
}
