/// Walks over the content of a line, word by word.
struct LineCursor {
  let line: SourceLine
  private(set) var position: Int
  let end: Int

  init(_ line: SourceLine) {
    self.line = line
    self.position = line.content.lowerBound
    self.end = line.content.upperBound
  }

  var isAtEnd: Bool { position == end }

  /// What has not been read yet.
  var rest: Range<Int> { position..<end }

  /// The next character, as a range of the line; the place after the last one at the end of the line.
  var next: SourceSpan { line.span(position..<position + 1) }

  mutating func skipSpaces() {
    while position < end, line.characters[position].isWhitespace { position += 1 }
  }

  /// Steps over a mark and the spaces after it if it comes next.
  mutating func take(_ mark: String) -> Bool {
    guard line.characters[rest].starts(with: mark) else { return false }
    position += mark.count
    skipSpaces()
    return true
  }

  /// The characters up to a space or one of the given marks, and steps over the spaces after them;
  /// `nil` if there are none.
  mutating func word(before marks: String...) -> Token? {
    let start = position
    while position < end, !line.characters[position].isWhitespace,
      !marks.contains(where: { line.characters[rest].starts(with: $0) })
    {
      position += 1
    }
    guard position > start else { return nil }
    defer { skipSpaces() }
    return line.token(start..<position)
  }

  /// What is left, word by word; a word that is no valid template is reported and left out.
  func templates(log: DiagnosticLog) -> (words: [Template], isComplete: Bool) {
    var cursor = self
    var words: [Template] = []
    var isComplete = true
    while let word = cursor.word() {
      let start = word.span.location.column - 1
      if let template = Template(line, start..<start + word.span.length, log: log) {
        words.append(template)
      } else {
        isComplete = false
      }
    }
    return (words, isComplete)
  }
}
