import SystemPackage

/// The variables of a manifest: what they depend on and what they stand for.
struct VariableTable {
  private struct Variable {
    let syntax: VariableSyntax
    /// The sweeps that its value depends on; itself, if it is one.
    var sweeps: Set<Int> = []
    /// Whether its value cannot be known: the reason has been reported.
    var isBroken = false
    /// The values of a sweep.
    var choices: [ResolvedText] = []

    var name: String { syntax.name.text }
  }

  /// The length of a value at most, in bytes: each `let` may repeat an earlier one many times over.
  private static let lengthLimit = 4096

  private let log: DiagnosticLog
  private let isIncomplete: Bool
  private var variables: [Variable] = []
  private var indices: [String: Int] = [:]
  /// Variables whose values go into another value or a stage.
  private var used: Set<String> = []
  /// Variables in texts that the command line has replaced, and those that were meant by wrong names.
  private var formerlyUsed: Set<String> = []

  /// Checks the definitions in order; each may use those before it.
  init(_ syntax: ManifestSyntax, log: DiagnosticLog) {
    self.log = log
    self.isIncomplete = syntax.isIncomplete
    let spans = Dictionary(
      syntax.variables.map { ($0.name.text, $0.name.span) }, uniquingKeysWith: { first, _ in first })
    for variable in syntax.variables { define(variable, allDefinitions: spans) }
  }

  private mutating func define(_ syntax: VariableSyntax, allDefinitions: [String: SourceSpan]) {
    let name = syntax.name.text
    if let first = indices[name] { return redefine(syntax, first: variables[first].syntax) }
    for template in syntax.replaced { noteFormerUses(in: template) }
    var variable = Variable(syntax: syntax, isBroken: syntax.values == nil)
    for use in (syntax.values ?? []).flatMap(\.variables) {
      used.insert(use.text)
      guard let index = indices[use.text] else {
        if Self.folder(use) != nil { continue }
        variable.isBroken = true
        reportUnknown(use, definition: allDefinitions[use.text])
        continue
      }
      variable.sweeps.formUnion(variables[index].sweeps)
      if variables[index].isBroken { variable.isBroken = true }
      if syntax.form == .sweep, !variables[index].sweeps.isEmpty {
        variable.isBroken = true
        log.report(.nestedSweep(use.text), at: use.span)
      }
    }
    if syntax.form == .sweep, !variable.isBroken {
      variable.sweeps = [variables.count]
      variable.choices = choices(of: syntax)
    }
    indices[name] = variables.count
    variables.append(variable)
  }

  /// Handles a definition of a variable that an earlier line has set: a default in an included file gives
  /// way, anything else is an error.
  private mutating func redefine(_ syntax: VariableSyntax, first: VariableSyntax) {
    let (name, span, firstSpan) = (syntax.name.text, syntax.name.span, first.name.span)
    if span.location.file == firstSpan.location.file || !(syntax.isDefault || first.isDefault) {
      log.report(
        .duplicateVariable(name), at: span, related: .init(role: .firstDefinition, span: firstSpan))
    } else if syntax.isDefault {
      for template in syntax.values ?? [] { noteFormerUses(in: template) }
    } else {
      log.report(
        .setAfterDefault(name), at: span, hint: .setBeforeInclude(firstSpan.location.file),
        related: .init(role: .defaultValue, span: firstSpan))
    }
  }

  private func choices(of syntax: VariableSyntax) -> [ResolvedText] {
    let values = values(under: Assignment())
    var seen: Set<String> = []
    var choices: [ResolvedText] = []
    for text in (syntax.values ?? []).compactMap({ self.text($0, values) }) {
      for value in text.value.split(whereSeparator: \.isWhitespace).map(String.init) {
        if !Name.isSweepValue(value) {
          log.report(.unsafeSweepValue(value), at: text.span, hint: .sweepValueCharacters)
        } else if !seen.insert(value).inserted {
          log.report(.duplicateSweepValue(value), at: text.span)
        } else {
          choices.append(ResolvedText(value, at: text.span))
        }
      }
    }
    return choices
  }

  private mutating func reportUnknown(_ use: Token, definition: SourceSpan? = nil) {
    if let definition {
      log.report(
        .unknownVariable(use.text), at: use.span, hint: .definedLater,
        related: .init(role: .definition, span: definition))
    } else if !isIncomplete {
      let names = variables.map(\.name)
      // `$attack-10` where `${attack}-10` is meant.
      let prefix = names.filter { use.text.hasPrefix($0 + "-") || use.text.hasPrefix($0 + "_") }
        .max { $0.count < $1.count }
      // What was meant is not to be called unused.
      let meant = prefix ?? Suggestion.nearest(to: use.text, among: names)
      if let meant { formerlyUsed.insert(meant) }
      let hint: Diagnostic.Hint? =
        if let prefix {
          .write("${\(prefix)}\(use.text.dropFirst(prefix.count))")
        } else {
          .nearest(to: use.text, among: names)
        }
      log.report(.unknownVariable(use.text), at: use.span, hint: hint)
    }
  }

  /// The sweeps that a text of a stage depends on. Reports the variables in it that are not there.
  mutating func sweeps(of template: Template) -> Set<Int> {
    var sweeps: Set<Int> = []
    for use in template.variables {
      used.insert(use.text)
      if let index = indices[use.text] {
        sweeps.formUnion(variables[index].sweeps)
      } else if Self.folder(use) == nil {
        reportUnknown(use)
      }
    }
    return sweeps
  }

  /// Remembers the variables of a text that the command line has replaced: no need to warn of them.
  mutating func noteFormerUses(in template: Template) {
    formerlyUsed.formUnion(template.variables.map(\.text))
  }

  /// Reports the variables that nothing uses.
  func reportUnused() {
    for variable in variables where !used.contains(variable.name) && variable.syntax.values != nil {
      if let override = variable.syntax.override {
        log.report(.unusedOverride(variable.name), at: override)
      } else if !variable.syntax.isIncluded, !formerlyUsed.contains(variable.name) {
        // A default that goes by a similar name may be what was to be set.
        let meant = Suggestion.nearest(
          to: variable.name, among: variables.filter(\.syntax.isDefault).map(\.name))
        log.report(
          .unusedVariable(variable.name), at: variable.syntax.name.span, hint: meant.map { .didYouMean($0) })
      }
    }
  }
}

// MARK: Values

extension VariableTable {
  /// The value of every variable that is known when a value has been chosen for some sweeps.
  func values(under assignment: Assignment) -> [String: ResolvedText] {
    var values: [String: ResolvedText] = [:]
    for (index, variable) in variables.enumerated() where !variable.isBroken {
      switch variable.syntax.form {
      case .sweep:
        if let choice = assignment[index] { values[variable.name] = variable.choices[choice] }
      case .single:
        if let template = variable.syntax.values?.first {
          values[variable.name] = text(template, values)
        }
      }
    }
    return values
  }

  /// Puts values in; `nil` if one is unknown, for which the reason has been reported.
  func text(_ template: Template, _ values: [String: ResolvedText]) -> ResolvedText? {
    var result = ""
    var origin: Diagnostic.Related?
    for part in template.parts {
      switch part {
      case .text(let text): result += text
      case .variable(let name):
        guard let value = values[name.text] else {
          guard let folder = Self.folder(name) else { return nil }
          result += folder
          continue
        }
        result += value.value
        origin = origin ?? value.origin
          ?? Diagnostic.Related(role: .valueOfVariable(name.text), span: value.span)
      }
      guard result.utf8.count <= Self.lengthLimit else {
        log.report(.valueTooLong(limit: Self.lengthLimit), at: template.span)
        return nil
      }
    }
    return ResolvedText(result, at: template.span, origin: origin)
  }

  /// What `$here` stands for where no variable is called so: the folder of the file that it is written in, for paths
  /// to what lies beside a manifest. The command line is in no folder.
  private static func folder(_ use: Token) -> String? {
    let file = use.span.location.file
    guard use.text == "here", file != SourceLine.commandLine else { return nil }
    let folder = FilePath(file).removingLastComponent()
    return folder.isEmpty ? "." : folder.string
  }

  /// Every choice of values for some sweeps, the last sweep varying fastest; one empty choice for none.
  ///
  /// Returns `nil` when they are more than `limit`. A sweep without valid values is left out.
  func assignments(of sweeps: Set<Int>, limit: Int) -> [Assignment]? {
    var result = [Assignment()]
    for sweep in sweeps.sorted() where !variables[sweep].choices.isEmpty {
      guard result.count * variables[sweep].choices.count <= limit else { return nil }
      result = result.flatMap { assignment in
        variables[sweep].choices.indices.map { choice in
          var extended = assignment
          extended[sweep] = choice
          return extended
        }
      }
    }
    return result
  }

  /// What an assignment chooses, in the order of the variables.
  func choices(in assignment: Assignment) -> [SweepChoice] {
    assignment.choices.sorted { $0.key < $1.key }
      .map { SweepChoice(variables[$0.key].name, variables[$0.key].choices[$0.value].value) }
  }
}
