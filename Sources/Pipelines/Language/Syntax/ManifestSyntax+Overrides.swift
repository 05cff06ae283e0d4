extension ManifestSyntax {
  /// Puts the values of the command line in the place of the manifest's.
  mutating func apply(_ overrides: [Override], _ catalogue: StageCatalogue, log: DiagnosticLog) {
    for override in overrides {
      switch override.target {
      case .variable(let name): setVariable(name, override, catalogue, log)
      case .parameter(let stage, let name): setParameter(name, of: stage, override, catalogue, log)
      }
    }
  }

  private mutating func setVariable(
    _ name: Token, _ override: Override, _ catalogue: StageCatalogue, _ log: DiagnosticLog
  ) {
    if let index = variables.firstIndex(where: { $0.name.text == name.text }) {
      variables[index].replaced = variables[index].values ?? []
      variables[index].values =
        variables[index].form == .sweep ? override.words : [override.value]
      variables[index].override = override.span
      return
    }
    guard !isIncomplete else { return }
    let parameters = stages.flatMap { stage in
      (stage.kind.flatMap { catalogue[$0.text] }?.declaration.parameters ?? [])
        .filter { $0.name == name.text }
        .map { "\(stage.name.text).\($0.name)" }
    }
    let hint: Diagnostic.Hint? =
      switch parameters.count {
      case 0: .nearest(to: name.text, among: variables.map(\.name.text))
      case 1: .didYouMean(parameters[0])
      default: .oneOf(parameters)
      }
    log.report(.unknownOverride(name.text), at: name.span, hint: hint)
  }

  private mutating func setParameter(
    _ name: Token, of stage: Token, _ override: Override, _ catalogue: StageCatalogue,
    _ log: DiagnosticLog
  ) {
    guard let index = stages.firstIndex(where: { $0.name.text == stage.text }) else {
      guard !isIncomplete else { return }
      log.report(
        .unknownStage(stage.text), at: stage.span,
        hint: .nearest(to: stage.text, among: stages.map(\.name.text)))
      return
    }
    if let kind = stages[index].kind, let declaration = catalogue[kind.text]?.declaration,
      declaration.inputs.contains(where: { $0.name == name.text })
    {
      log.report(.inputGivenAsParameter(name.text), at: name.span, hint: .inputsAreNotOverridden)
      return
    }
    if let given = stages[index].parameters.firstIndex(where: { $0.name.text == name.text }) {
      stages[index].parameters[given].replaced = stages[index].parameters[given].value
      stages[index].parameters[given].value = override.value
    } else {
      stages[index].parameters.append(ParameterSyntax(name: name, value: override.value))
    }
  }
}
