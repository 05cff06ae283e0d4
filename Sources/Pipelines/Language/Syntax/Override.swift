/// `name=value` or `stage.parameter=value` on the command line.
struct Override {
  enum Target {
    case variable(Token)
    case parameter(stage: Token, name: Token)
  }

  let target: Target
  /// What takes the place of the text after `=` in the manifest, and follows the same rules, except that
  /// there are no comments.
  let value: Template
  /// The same in words.
  let words: [Template]
  let span: SourceSpan

  /// The text before the first `=`.
  var name: String {
    switch target {
    case .variable(let name): name.text
    case .parameter(let stage, let name): "\(stage.text).\(name.text)"
    }
  }

  /// Reads the arguments; leaves out and reports those that are wrong.
  static func read(_ arguments: [String], log: DiagnosticLog) -> [Override] {
    var first: [String: SourceSpan] = [:]
    return arguments.enumerated().compactMap { index, argument in
      let line = SourceLine(argument: argument, number: index + 1, log: log)
      guard !line.isDamaged, let override = Override(line, log: log) else { return nil }
      if let earlier = first[override.name] {
        log.report(
          .duplicateOverride(override.name), at: override.span,
          related: .init(role: .firstDefinition, span: earlier))
        return nil
      }
      first[override.name] = override.span
      return override
    }
  }

  private init?(_ line: SourceLine, log: DiagnosticLog) {
    var cursor = LineCursor(line)
    guard let name = cursor.word(before: "=") else {
      log.report(.expected(.name, after: ""), at: cursor.next, hint: .write("name=value"))
      return nil
    }
    guard cursor.take("=") else {
      log.report(.expected(.equalsSign, after: name.text), at: cursor.next, hint: .write("name=value"))
      return nil
    }
    guard !cursor.isAtEnd else {
      log.report(.expected(.value, after: "="), at: cursor.next)
      return nil
    }
    guard let value = Template(line, cursor.rest, log: log) else { return nil }

    let start = line.content.lowerBound
    let letters = Array(name.text)
    if let dot = letters.lastIndex(of: "."), dot > 0, dot + 1 < letters.count {
      self.target = .parameter(
        stage: line.token(start..<start + dot),
        name: line.token(start + dot + 1..<start + letters.count))
    } else {
      self.target = .variable(name)
    }
    self.value = value
    self.words = cursor.templates(log: log).words
    self.span = line.span(line.content)
  }
}
