import SystemPackage

/// The language of pipelines: from a file and the overrides of the command line to checked stages.
///
///     # A comment: `#` at the beginning of a line or after a space.
///     let data = data/cifar-10        # A variable, for `$data` or `${data}` below; `$$` is a dollar.
///     each attack = badnets blend     # One copy of every stage that depends on `$attack`.
///     include common.pipeline         # Relative to this file. Its variables and stages join.
///     let? seed = 1                   # A default, for where no line above has set the variable.
///     let list = $here/list.csv       # Beside this file: other paths are relative to the directory of the run.
///
///     stage poisoned : poison         # A name and a kind; indented lines belong to it.
///         images <- train             # Stages that it reads from; `evaluate[*]` is all copies of one.
///         attack = $attack            # A parameter.
///
/// Nothing is quoted: a value is what is left of the line, without the spaces around it. A `let` uses
/// variables above it, a stage any of the manifest. Stages come in any order. A file that others include
/// says with `let?` what they may set, above the `include`; of several settings the first one counts.
///
/// The work is done in passes, each on the result of the one before: lines are read into a syntax tree
/// (`ManifestReader`, `ManifestParser`), overrides replace parts of it, names are looked up and copies
/// made (`VariableTable`, `StageExpansion`), and stages are checked against their declarations
/// (`StageChecker`). All passes report into one log, so that all errors are shown at once.
package enum Manifest {
  /// Reads and checks a manifest.
  ///
  /// - Parameters:
  ///   - path: The manifest, relative to `directory`.
  ///   - text: What stands in it, where that is known: then it is not read.
  ///   - overrides: `name=value` for variables, `stage.parameter=value` for parameters.
  ///   - catalogue: The kinds of stage.
  ///   - directory: The directory of the run: what relative paths start from.
  /// - Throws: everything that is wrong, and the warnings.
  package static func load(
    path: FilePath, text: String? = nil, overrides: [String] = [], catalogue: StageCatalogue, directory: FilePath
  ) throws(ManifestError) -> (pipeline: Pipeline, warnings: [Diagnostic]) {
    let log = DiagnosticLog()
    let reader = ManifestReader(path, text: text, in: directory, log: log)
    let files = reader.files.map(\.name)

    var syntax = reader.syntax
    // Without a manifest there is nothing that an override could be checked against.
    guard !reader.files.isEmpty else { throw ManifestError(log.sorted(files: files)) }
    syntax.apply(Override.read(overrides, log: log), catalogue, log: log)
    if syntax.stages.isEmpty, !syntax.isIncomplete {
      let start = SourceLocation(file: path.string, line: 1, column: 1)
      log.report(.noStages, at: SourceSpan(location: start, length: 0, line: nil))
    }

    let variables = VariableTable(syntax, log: log)
    let instances = StageExpansion(syntax, variables, log: log).instances
    let checker = StageChecker(instances, catalogue, directory: directory, log: log)
    let checked = checker.check()
    let order = order(of: instances, log: log)

    let diagnostics = log.sorted(files: files)
    guard !log.hasErrors else { throw ManifestError(diagnostics) }
    let pipeline = Pipeline(
      name: path.stem ?? path.string, manifest: path.string,
      text: Self.text(of: reader.files, overrides),
      stages: stages(instances, checked, in: order))
    return (pipeline, diagnostics)
  }

  /// Sorts the stages; reports cycles at the line of the first stage.
  private static func order(of instances: [StageInstance], log: DiagnosticLog) -> [Int] {
    let order = StageOrder(instances.map { $0.inputs.flatMap { $0.sources.map(\.index) } })
    for cycle in order.cycles {
      guard let first = cycle.first, let last = cycle.last else { continue }
      let source = instances[first].inputs.flatMap(\.sources).first { $0.index == last }
      // Copies of the same stages go round the same cycle.
      let names = (cycle + [first]).map { instances[$0].syntax.name.text }
      log.report(.cycle(names), at: source?.span ?? instances[first].syntax.name.span)
    }
    return order.stages
  }

  private static func stages(
    _ instances: [StageInstance],
    _ checked: [(kind: any Stage.Type, parameters: [String: ParameterValue])?], in order: [Int]
  ) -> [PipelineStage] {
    var places = [Int](repeating: 0, count: instances.count)
    for (place, index) in order.enumerated() { places[index] = place }
    return order.compactMap { index in
      let instance = instances[index]
      return checked[index].map { kind, parameters in
        PipelineStage(
          baseName: instance.syntax.name.text, choices: instance.choices, kind: kind, parameters: parameters,
          inputs: Dictionary(
            instance.inputs.map { ($0.name.text, $0.sources.map { places[$0.index] }) },
            uniquingKeysWith: { first, _ in first }),
          location: instance.syntax.name.span.location)
      }
    }
  }

  private static func text(of files: [SourceFile], _ overrides: [String]) -> String {
    var text = files.first?.text ?? ""
    func begin(_ heading: String) {
      if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
      text += "# \(heading)\n"
    }
    for file in files.dropFirst() {
      begin("included: \(file.name)")
      text += file.text
    }
    if !overrides.isEmpty {
      begin("command line:")
      text += overrides.joined(separator: "\n") + "\n"
    }
    return text
  }
}
