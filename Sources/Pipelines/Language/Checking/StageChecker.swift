import SystemPackage

/// Checks the stages of a manifest against the declarations of their kinds.
struct StageChecker {
  private let instances: [StageInstance]
  private let catalogue: StageCatalogue
  /// What relative paths start from.
  private let directory: FilePath
  private let log: DiagnosticLog
  /// The stages that produce artifacts of a type.
  private let producers: [ArtifactType: [String]]

  init(
    _ instances: [StageInstance], _ catalogue: StageCatalogue, directory: FilePath,
    log: DiagnosticLog
  ) {
    self.instances = instances
    self.catalogue = catalogue
    self.directory = directory
    self.log = log
    var producers: [ArtifactType: [String]] = [:]
    for instance in instances {
      guard let kind = instance.syntax.kind.flatMap({ catalogue[$0.text] }) else { continue }
      // Copies of a stage follow each other.
      if producers[kind.declaration.output]?.last != instance.syntax.name.text {
        producers[kind.declaration.output, default: []].append(instance.syntax.name.text)
      }
    }
    self.producers = producers
  }

  /// For each instance its kind and values, where all is well with them.
  func check() -> [(kind: any Stage.Type, parameters: [String: ParameterValue])?] {
    instances.map { instance in
      guard let kind = kind(of: instance) else {
        for problem in instance.inputs.flatMap(\.problems) { log.report(problem) }
        return nil
      }
      checkInputs(of: instance, kind.declaration)
      guard let values = parameters(of: instance, kind.declaration) else { return nil }
      for problem in kind.problems(with: values) {
        log.report(.problem(problem), at: instance.syntax.name.span)
      }
      for need in kind.needs(with: values) {
        requireInput(
          need.input, of: instance, kind.declaration, or: .neededInput(need.input, setting: need.setting))
      }
      return (kind, values)
    }
  }

  private func kind(of instance: StageInstance) -> (any Stage.Type)? {
    guard let name = instance.syntax.kind else { return nil }
    if let kind = catalogue[name.text] { return kind }
    log.report(
      .unknownKind(name.text), at: name.span,
      hint: .nearest(to: name.text, among: catalogue.stages.map { $0.declaration.kind }))
    return nil
  }

  // MARK: Parameters

  /// The values of all parameters; `nil` if something is wrong with one.
  private func parameters(
    of instance: StageInstance, _ declaration: StageDeclaration
  ) -> [String: ParameterValue]? {
    var values: [String: ParameterValue] = [:]
    var first: [String: SourceSpan] = [:]
    var isComplete = !instance.syntax.isIncomplete
    for parameter in instance.parameters {
      let name = parameter.name.text
      guard let declared = declaration.parameters.first(where: { $0.name == name }) else {
        reportUnknownParameter(parameter.name, declaration)
        isComplete = false
        continue
      }
      if let first = first[name] {
        log.report(
          .duplicateParameter(name), at: parameter.name.span,
          related: .init(role: .firstDefinition, span: first))
        isComplete = false
        continue
      }
      first[name] = parameter.name.span
      if let text = parameter.value, let value = value(of: text, declared) {
        values[name] = value
      } else {
        isComplete = false
      }
    }
    for declared in declaration.parameters where first[declared.name] == nil {
      if let value = declared.defaultValue {
        values[declared.name] = value
      } else {
        if isMissingCertain(declared.name, in: instance, among: declaration.parameters.map(\.name)) {
          log.report(
            .missingParameter(declared.name, kind: declaration.kind), at: instance.syntax.name.span,
            hint: .accepted(declared.valuesText))
        }
        isComplete = false
      }
    }
    return isComplete ? values : nil
  }

  /// Whether something that a stage lacks is not just misspelt in it or on a line that was not read.
  private func isMissingCertain(
    _ name: String, in instance: StageInstance, among names: [String]
  ) -> Bool {
    let given = instance.parameters.map(\.name.text) + instance.inputs.map(\.name.text)
    return !instance.syntax.isIncomplete
      && !given.contains {
        $0 == name || !names.contains($0) && Suggestion.nearest(to: $0, among: names) == name
      }
  }

  private func reportUnknownParameter(_ name: Token, _ declaration: StageDeclaration) {
    if declaration.inputs.contains(where: { $0.name == name.text }) {
      log.report(
        .inputGivenAsParameter(name.text), at: name.span, hint: .useInputArrow(name.text))
    } else {
      log.report(
        .unknownParameter(name.text, kind: declaration.kind), at: name.span,
        hint: .nearest(to: name.text, among: declaration.parameters.map(\.name)))
    }
  }

  private func value(of text: ResolvedText, _ declared: ParameterDeclaration) -> ParameterValue? {
    do {
      let value = try declared.value(of: text.value)
      if case .path(let path) = value, let missing = MissingPath(path, in: directory) {
        log.report(
          .missingPath(path, reason: missing.reason), at: text.span,
          hint: missing.nearest.map { .didYouMean($0) }
            ?? (FilePath(path).isRelative ? .pathsAreRelative : nil), related: text.origin)
        return nil
      }
      return value
    } catch {
      log.report(error.kind, at: text.span, hint: error.hint, related: text.origin)
      return nil
    }
  }

  // MARK: Inputs

  private func checkInputs(of instance: StageInstance, _ declaration: StageDeclaration) {
    var first: [String: SourceSpan] = [:]
    for input in instance.inputs {
      let name = input.name.text
      guard let declared = declaration.inputs.first(where: { $0.name == name }) else {
        reportUnknownInput(input, declaration)
        continue
      }
      for problem in input.problems { log.report(problem) }
      if let first = first[name] {
        log.report(
          .duplicateInput(name), at: input.name.span,
          related: .init(role: .firstDefinition, span: first))
        continue
      }
      first[name] = input.name.span
      checkSources(of: input, declared, in: instance)
    }
    for declared in declaration.inputs where declared.count.isRequired {
      requireInput(
        declared.name, of: instance, declaration, or: .missingInput(declared.name, kind: declaration.kind))
    }
  }

  private func requireInput(
    _ name: String, of instance: StageInstance, _ declaration: StageDeclaration, or problem: Diagnostic.Kind
  ) {
    guard let declared = declaration.inputs.first(where: { $0.name == name }),
      !instance.inputs.contains(where: { $0.name.text == name }),
      isMissingCertain(name, in: instance, among: declaration.inputs.map(\.name))
    else { return }
    log.report(
      problem, at: instance.syntax.name.span,
      hint: producersHint(for: declared, in: instance))
  }

  private func reportUnknownInput(_ input: StageInstance.Input, _ declaration: StageDeclaration) {
    let name = input.name
    // What follows the arrow is probably a value then, and no stages to look for.
    if declaration.parameters.contains(where: { $0.name == name.text }) {
      log.report(.parameterGivenAsInput(name.text), at: name.span, hint: .useEqualsSign(name.text))
    } else {
      for problem in input.problems { log.report(problem) }
      log.report(
        .unknownInput(name.text, kind: declaration.kind), at: name.span,
        hint: .nearest(to: name.text, among: declaration.inputs.map(\.name)))
    }
  }

  private func checkSources(
    of input: StageInstance.Input, _ declared: InputDeclaration, in instance: StageInstance
  ) {
    var seen: Set<Int> = []
    for source in input.sources {
      let stage = instances[source.index]
      guard seen.insert(source.index).inserted else {
        log.report(.duplicateSource(stage.name), at: source.span)
        continue
      }
      guard let kind = stage.syntax.kind.flatMap({ catalogue[$0.text] }),
        !declared.accepts.contains(kind.declaration.output)
      else { continue }
      log.report(
        .wrongArtifact(
          input: declared.name, accepts: declared.accepts.map(\.name),
          stage: stage.syntax.name.text, produces: kind.declaration.output.name),
        at: source.span,
        hint: producersHint(for: declared, in: instance),
        related: .init(role: .declaration(stage: stage.syntax.name.text), span: stage.syntax.name.span))
    }
    if !declared.count.takesSeveral, seen.count > 1, let second = input.sources.dropFirst().first {
      log.report(.tooManySources(input: declared.name, count: seen.count), at: second.span)
    }
  }

  /// Which other stages of the manifest produce what an input accepts, or which kinds of stage do.
  private func producersHint(for input: InputDeclaration, in instance: StageInstance) -> Diagnostic.Hint {
    .producers(
      input.accepts.flatMap { producers[$0] ?? [] }.filter { $0 != instance.syntax.name.text },
      of: input.accepts.map(\.name),
      kinds: catalogue.stages.map { $0.declaration }.filter { input.accepts.contains($0.output) }.map(\.kind))
  }
}
