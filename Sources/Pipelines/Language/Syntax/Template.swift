/// A piece of a manifest in which `$name` and `${name}` stand for values of variables.
///
/// `$` is the only escape character: `$$` is a dollar sign and `$#` a number sign, which would begin a
/// comment after a space. Without braces, a name ends at the first character that is no letter, digit,
/// `-` or `_`.
struct Template {
  enum Part {
    case text(String)
    case variable(Token)
  }

  let parts: [Part]
  let span: SourceSpan

  /// The variables in it, in order.
  var variables: [Token] {
    parts.compactMap { if case .variable(let name) = $0 { name } else { nil } }
  }

  /// Reads a range of a line; returns `nil` after reporting what is wrong with it.
  init?(_ line: SourceLine, _ range: Range<Int>, log: DiagnosticLog) {
    let characters = line.characters
    var parts: [Part] = []
    var text = ""
    var position = range.lowerBound
    var isValid = true

    while position < range.upperBound {
      guard characters[position] == "$" else {
        text.append(characters[position])
        position += 1
        continue
      }
      let dollar = position
      position += 1
      let next = position < range.upperBound ? characters[position] : " "
      if next == "$" || next == "#" {
        text.append(next)
        position += 1
        continue
      }

      let name: Range<Int>
      if next == "{" {
        guard let close = characters[position..<range.upperBound].firstIndex(of: "}") else {
          log.report(.unclosedBrace, at: line.span(dollar..<range.upperBound))
          return nil
        }
        name = position + 1..<close
        position = close + 1
      } else {
        let rest = characters[position..<range.upperBound]
        name = position..<(rest.firstIndex { !$0.isNameCharacter } ?? range.upperBound)
        position = name.upperBound
      }
      if name.isEmpty {
        log.report(.loneDollar, at: line.span(dollar..<position), hint: .escapeDollar)
        isValid = false
      } else {
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
        let token = Token(text: String(characters[name]), span: line.span(dollar..<position))
        parts.append(.variable(token))
      }
    }
    guard isValid else { return nil }
    if !text.isEmpty { parts.append(.text(text)) }
    self.parts = parts
    self.span = line.span(range)
  }
}

extension Character {
  /// Whether it may stand anywhere in the name of a variable.
  var isNameCharacter: Bool { isASCII && (isLetter || isNumber) || self == "-" || self == "_" }
}
