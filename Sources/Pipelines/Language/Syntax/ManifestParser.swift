/// Reads the lines of one file into statements.
///
/// Every line is read for itself: one that is wrong is reported, remembered as a gap in the statement
/// that it belongs to, and the next line starts afresh.
struct ManifestParser {
  private(set) var statements: [Statement] = []
  /// Whether a line was lost that may have defined a stage or a variable.
  private(set) var isIncomplete = false

  private let log: DiagnosticLog
  /// What indented lines belong to.
  private var block = Block.none

  private enum Block {
    case none
    case stage(StageSyntax)
    /// A statement that could not be read: its lines have no use, nor are they wrong.
    case lost
  }

  init(_ file: SourceFile, log: DiagnosticLog) {
    self.log = log
    for line in file.lines where !line.isBlank {
      if line.isDamaged {
        skip(line)
      } else if line.isIndented {
        readIndented(line)
      } else {
        close()
        readStatement(line)
      }
    }
    close()
  }

  private mutating func close() {
    if case .stage(let stage) = block { statements.append(.stage(stage)) }
    block = .none
  }

  private mutating func skip(_ line: SourceLine) {
    if line.isIndented, case .stage(var stage) = block {
      stage.isIncomplete = true
      block = .stage(stage)
    } else {
      close()
      lose()
    }
  }

  private mutating func lose() {
    isIncomplete = true
    block = .lost
  }

  // MARK: Lines that start a statement

  private mutating func readStatement(_ line: SourceLine) {
    var cursor = LineCursor(line)
    guard let keyword = cursor.word() else { return }
    switch keyword.text {
    case "let", "let?": readVariable(.single, &cursor, after: keyword)
    case "each": readVariable(.sweep, &cursor, after: keyword)
    case "include": readInclude(&cursor, after: keyword)
    case "stage": readStage(&cursor, after: keyword)
    default:
      let nearest = Suggestion.nearest(to: keyword.text, among: Self.keywords)
      let looksIndented = line.characters[line.content].contains("=")
        || line.text.contains("<-")
      log.report(
        .unknownStatement(keyword.text), at: keyword.span,
        hint: nearest.map { .didYouMean($0) }
          ?? (looksIndented ? .indentUnderStage : .startStatement))
      lose()
    }
  }

  private static let keywords = ["stage", "let", "let?", "each", "include"]

  private mutating func readVariable(
    _ form: VariableSyntax.Form, _ cursor: inout LineCursor, after keyword: Token
  ) {
    guard let name = cursor.word(before: "=") else {
      isIncomplete = true
      return expect(.name, cursor, after: keyword.text)
    }
    guard Name.isVariable(name.text) else {
      isIncomplete = true
      log.report(
        .invalidName(name.text, .variable), at: name.span,
        hint: Self.misplacedMark(in: name.text) ?? .nameCharacters(.variable))
      return
    }
    var variable = VariableSyntax(form: form, isDefault: keyword.text == "let?", name: name)
    if cursor.take("=") {
      variable.values = readValues(form, cursor)
    } else {
      let hint: Diagnostic.Hint? = cursor.take("?=") ? .write("let? \(name.text) = VALUE") : nil
      expect(.equalsSign, cursor, after: name.text, hint: hint)
    }
    statements.append(.variable(variable))
  }

  /// The hint for `let name? = value` and the like, where `let? name = value` is meant.
  private static func misplacedMark(in name: String) -> Diagnostic.Hint? {
    let rest = name.replacing("?", with: "")
    return rest.count + 1 == name.count && Name.isVariable(rest) ? .write("let? \(rest) = VALUE") : nil
  }

  private mutating func readInclude(_ cursor: inout LineCursor, after keyword: Token) {
    guard !cursor.isAtEnd else {
      isIncomplete = true
      return expect(.path, cursor, after: keyword.text)
    }
    guard let path = Template(cursor.line, cursor.rest, log: log) else {
      isIncomplete = true
      return
    }
    if let variable = path.variables.first {
      isIncomplete = true
      log.report(.variableInInclude, at: variable.span)
      return
    }
    let text = path.parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    statements.append(.include(Token(text: text, span: path.span)))
  }

  private mutating func readStage(_ cursor: inout LineCursor, after keyword: Token) {
    guard let name = cursor.word(before: ":") else {
      lose()
      return expect(.name, cursor, after: keyword.text)
    }
    guard Name.isStage(name.text) else {
      lose()
      log.report(.invalidName(name.text, .stage), at: name.span, hint: .nameCharacters(.stage))
      return
    }
    var kind: Token?
    if !cursor.take(":") {
      isIncomplete = true
      expect(.colon, cursor, after: name.text)
    } else if let word = cursor.word() {
      kind = word
      if !cursor.isAtEnd {
        let extra = cursor.line.token(cursor.rest)
        log.report(.unexpectedText(extra.text), at: extra.span)
      }
    } else {
      expect(.kind, cursor, after: ":")
    }
    block = .stage(StageSyntax(name: name, kind: kind))
  }

  // MARK: Lines of a stage

  private mutating func readIndented(_ line: SourceLine) {
    if let keyword = keyword(of: line) {
      log.report(
        .indentedStatement(keyword.text), at: keyword.span, hint: .startAtBeginningOfLine)
      isIncomplete = true
      if keyword.text == "stage" {
        close()
        lose()
      }
      return
    }
    switch block {
    case .lost: return
    case .none:
      log.report(.outsideStage, at: line.span(line.content), hint: .putUnderStage)
      block = .lost
    case .stage(var stage):
      readMember(line, of: &stage)
      block = .stage(stage)
    }
  }

  /// The first word of an indented line that reads like a statement.
  private func keyword(of line: SourceLine) -> Token? {
    var cursor = LineCursor(line)
    guard let word = cursor.word(before: "=", "<-"), Self.keywords.contains(word.text),
      !cursor.isAtEnd, !cursor.take("="), !cursor.take("<-")
    else { return nil }
    return word
  }

  private mutating func readMember(_ line: SourceLine, of stage: inout StageSyntax) {
    var cursor = LineCursor(line)
    guard let name = cursor.word(before: "=", "<-", ":") else {
      stage.isIncomplete = true
      return expect(.name, cursor, after: "")
    }
    if cursor.take("=") {
      stage.parameters.append(
        ParameterSyntax(name: name, value: readValue(cursor, after: "=")))
    } else if cursor.take("<-") {
      readSources(cursor, of: name, into: &stage)
    } else {
      stage.isIncomplete = true
      let hint: Diagnostic.Hint? = cursor.take(":") ? .useEqualsSign(name.text) : nil
      expect(.equalsSignOrArrow, cursor, after: name.text, hint: hint)
    }
  }

  private func readSources(_ cursor: LineCursor, of name: Token, into stage: inout StageSyntax) {
    if cursor.isAtEnd { expect(.stageNames, cursor, after: "<-") }
    stage.inputs.append(InputSyntax(name: name, sources: cursor.templates(log: log).words))
  }

  private func readValues(_ form: VariableSyntax.Form, _ cursor: LineCursor) -> [Template]? {
    if form == .single || cursor.isAtEnd { return readValue(cursor, after: "=").map { [$0] } }
    let (words, isComplete) = cursor.templates(log: log)
    return isComplete ? words : nil
  }

  private func readValue(_ cursor: LineCursor, after mark: String) -> Template? {
    guard !cursor.isAtEnd else {
      expect(.value, cursor, after: mark)
      return nil
    }
    return Template(cursor.line, cursor.rest, log: log)
  }

  private func expect(
    _ expectation: Diagnostic.Expectation, _ cursor: LineCursor, after text: String,
    hint: Diagnostic.Hint? = nil
  ) {
    log.report(.expected(expectation, after: text), at: cursor.next, hint: hint)
  }
}
