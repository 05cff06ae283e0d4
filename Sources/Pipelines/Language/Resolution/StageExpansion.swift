/// Turns the stages of a manifest into instances: substitutes variables, looks up the stages that
/// inputs name and makes the copies that sweeps ask for.
///
/// A stage is copied for a sweep if one of its lines uses the sweep's variable, or if it reads from a
/// stage that is copied for it. `name[*]` ends that: it reads from all copies, for any value of the
/// sweeps that the reading stage is not itself copied for.
struct StageExpansion {
  /// A manifest with more copies has a mistake in it.
  private static let copyLimit = 10_000

  private(set) var instances: [StageInstance] = []

  private struct Reference {
    let stage: Int
    let collectsCopies: Bool
    let span: SourceSpan
  }

  private let stages: [StageSyntax]
  private let isIncomplete: Bool
  private let log: DiagnosticLog
  private var variables: VariableTable
  private var indices: [String: Int] = [:]
  private var values: [Assignment: [String: ResolvedText]] = [:]

  init(_ syntax: ManifestSyntax, _ variables: VariableTable, log: DiagnosticLog) {
    self.stages = syntax.stages
    self.isIncomplete = syntax.isIncomplete
    self.log = log
    self.variables = variables
    indexStages()
    let sweeps = sweepsOfStages()
    // A line that was not read may have been the one that uses it.
    if !isIncomplete, !stages.isEmpty, !stages.contains(where: \.isIncomplete) {
      self.variables.reportUnused()
    }
    if let sweeps, let assignments = assignments(of: sweeps) {
      makeInstances(sweeps, assignments)
    }
  }

  private mutating func indexStages() {
    for (index, stage) in stages.enumerated() {
      if let first = indices[stage.name.text] {
        log.report(
          .duplicateStage(stage.name.text), at: stage.name.span,
          related: .init(role: .firstDefinition, span: stages[first].name.span))
      } else {
        indices[stage.name.text] = index
      }
    }
  }

  /// For each stage the sweeps that it depends on, `nil` if there are too many combinations.
  private mutating func sweepsOfStages() -> [Set<Int>]? {
    var sweeps: [Set<Int>] = []
    var sources: [Set<Int>] = []
    for stage in stages {
      var own: Set<Int> = []
      for parameter in stage.parameters {
        if let value = parameter.value { own.formUnion(variables.sweeps(of: value)) }
        if let replaced = parameter.replaced { variables.noteFormerUses(in: replaced) }
      }
      var read: Set<Int> = []
      for template in stage.inputs.flatMap(\.sources) {
        let dependencies = variables.sweeps(of: template)
        own.formUnion(dependencies)
        guard let assignments = variables.assignments(of: dependencies, limit: Self.copyLimit) else {
          log.report(.tooManyCopies(limit: Self.copyLimit), at: stage.name.span)
          return nil
        }
        for assignment in assignments {
          let references = references(template, values(under: assignment)).found
          read.formUnion(references.lazy.filter { !$0.collectsCopies }.map(\.stage))
        }
      }
      sweeps.append(own)
      sources.append(read)
    }

    // Dependencies grow along the inputs until nothing changes, whatever the order of the stages.
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for index in stages.indices {
        let all = sources[index].reduce(into: sweeps[index]) { $0.formUnion(sweeps[$1]) }
        if all != sweeps[index] {
          sweeps[index] = all
          hasChanged = true
        }
      }
    }
    return sweeps
  }

  private func assignments(of sweeps: [Set<Int>]) -> [[Assignment]]? {
    var count = 0
    var result: [[Assignment]] = []
    for (stage, sweeps) in zip(stages, sweeps) {
      let assignments = variables.assignments(of: sweeps, limit: Self.copyLimit)
      count += assignments?.count ?? 0
      // A manifest may be long; it is copies that are limited.
      guard let assignments, assignments.count == 1 || count <= Self.copyLimit else {
        log.report(.tooManyCopies(limit: Self.copyLimit), at: stage.name.span)
        return nil
      }
      result.append(assignments)
    }
    return result
  }

  private mutating func makeInstances(_ sweeps: [Set<Int>], _ assignments: [[Assignment]]) {
    // Where the copies of each stage begin among all.
    var first: [Int] = []
    var count = 0
    for assignments in assignments {
      first.append(count)
      count += assignments.count
    }
    for (stage, own) in zip(stages, assignments) {
      for assignment in own {
        let values = values(under: assignment)
        let inputs = stage.inputs.map { input in
          let named = input.sources.map { references($0, values) }
          let sources = named.flatMap(\.found).flatMap { reference in
            let copies = assignments[reference.stage]
            let wanted = assignment.restricted(to: sweeps[reference.stage])
            return copies.indices
              .filter { copies[$0].agrees(with: wanted) }
              .map { StageInstance.Source(index: first[reference.stage] + $0, span: reference.span) }
          }
          return StageInstance.Input(
            name: input.name, sources: sources, problems: named.flatMap(\.problems))
        }
        instances.append(
          StageInstance(
            syntax: stage, choices: variables.choices(in: assignment),
            parameters: stage.parameters.map { parameter in
              .init(
                name: parameter.name,
                value: parameter.value.flatMap { variables.text($0, values) })
            },
            inputs: inputs))
      }
    }
  }

  private mutating func values(under assignment: Assignment) -> [String: ResolvedText] {
    if let known = values[assignment] { return known }
    let new = variables.values(under: assignment)
    values[assignment] = new
    return new
  }

  /// The stages that a word after an arrow names, and what is wrong with names that are not stages.
  private func references(
    _ template: Template, _ values: [String: ResolvedText]
  ) -> (found: [Reference], problems: [Diagnostic]) {
    guard let text = variables.text(template, values) else { return ([], []) }
    var found: [Reference] = []
    var problems: [Diagnostic] = []
    for word in text.value.split(whereSeparator: \.isWhitespace) {
      let bracket = word.firstIndex(of: "[") ?? word.endIndex
      let name = String(word[..<bracket])
      let selection = word[bracket...]
      if !selection.isEmpty, selection != "[*]" {
        problems.append(
          Diagnostic(.invalidSelection(String(word)), at: text.span, related: text.origin))
      } else if let stage = indices[name] {
        found.append(Reference(stage: stage, collectsCopies: !selection.isEmpty, span: text.span))
      } else if !isIncomplete {
        problems.append(
          Diagnostic(
            .unknownStage(name), at: text.span,
            hint: .nearest(to: name, among: stages.map(\.name.text)), related: text.origin))
      }
    }
    return (found, problems)
  }
}
