/// What `winnow stages` prints: the kinds of stage, from the declarations that check manifests.
package struct StageCatalogueText {
  private let catalogue: StageCatalogue

  package init(_ catalogue: StageCatalogue) { self.catalogue = catalogue }

  /// Every kind with its summary, a line or two each.
  package var list: String {
    let declarations = catalogue.stages.map { $0.declaration }
    let column = (declarations.map(\.kind.count).max() ?? 0) + 2
    return declarations
      .flatMap { TextLayout.hanging($0.kind, at: column, $0.summary) }
      .joined(separator: "\n")
  }

  /// A kind with its inputs, parameters and output, or `nil` if there is no such kind.
  package func details(of kind: String) -> String? {
    catalogue[kind].map { StageDeclarationText($0.declaration).text }
  }

  /// The kind that a misspelt one was probably meant to be.
  package func suggestion(for kind: String) -> String? {
    Suggestion.nearest(to: kind, among: catalogue.stages.map { $0.declaration.kind })
  }
}

/// The declaration of one kind of stage in words.
private struct StageDeclarationText {
  private let declaration: StageDeclaration
  private var lines: [String] = []

  init(_ declaration: StageDeclaration) {
    self.declaration = declaration
    lines = TextLayout.hanging("", at: 0, "\(declaration.kind): \(declaration.summary)")
    addInputs()
    addParameters()
    lines += ["", "Output: \(declaration.output)"]
    addExample()
  }

  var text: String { lines.joined(separator: "\n") }

  private mutating func addInputs() {
    guard !declaration.inputs.isEmpty else { return }
    lines += ["", "Inputs:"]
    let column = column(for: declaration.inputs.map(\.name))
    for input in declaration.inputs {
      let types = input.accepts.map(\.name).joined(separator: " or ")
      let count =
        switch input.count {
        case .one: ""
        case .optional: "; may be left out"
        case .many: "; one stage or more"
        case .any: "; one stage or more, or may be left out"
        }
      lines += TextLayout.hanging("  \(input.name)", at: column, input.summary.asSentence)
      lines += TextLayout.hanging("", at: column, "takes \(types)\(count)")
    }
  }

  private mutating func addParameters() {
    guard !declaration.parameters.isEmpty else { return }
    lines += ["", "Parameters:"]
    let column = column(for: declaration.parameters.map(\.name))
    for parameter in declaration.parameters {
      lines += TextLayout.hanging("  \(parameter.name)", at: column, parameter.summary.asSentence)
      lines += TextLayout.hanging("", at: column, Self.values(of: parameter))
      guard case .choice(let choices) = parameter.domain else { continue }
      let meanings = column + 2 + (choices.map(\.name.count).max() ?? 0) + 2
      for choice in choices {
        let lead = String(repeating: " ", count: column + 2) + choice.name
        lines += TextLayout.hanging(lead, at: meanings, choice.summary)
      }
    }
  }

  /// "a whole number of epochs from 1 to 100; default 2".
  private static func values(of parameter: ParameterDeclaration) -> String {
    let text = parameter.valuesText
    guard let value = parameter.defaultValue else { return "\(text); must be given" }
    let meaning = parameter.absentMeaning.map { " (\($0))" } ?? ""
    return "\(text); default \(ParameterDeclaration.text(of: value))\(meaning)"
  }

  /// The least that a manifest must say.
  private mutating func addExample() {
    let inputs = declaration.inputs.filter { $0.count.isRequired }
    let parameters = declaration.parameters.filter { $0.defaultValue == nil }
    lines += ["", "In a manifest, at least:", "  stage NAME : \(declaration.kind)"]
    lines += inputs.map { "      \($0.name) <- STAGE" }
    lines += parameters.map { "      \($0.name) = VALUE" }
  }

  private func column(for names: [String]) -> Int { (names.map(\.count).max() ?? 0) + 4 }
}

extension String {
  /// With a full stop, which short summaries lack.
  fileprivate var asSentence: String { last.map { ".!?".contains($0) } ?? true ? self : self + "." }
}
