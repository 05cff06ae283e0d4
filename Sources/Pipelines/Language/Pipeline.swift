/// A manifest after reading, substitution and checking: stages in an order in which they can run.
package struct Pipeline: Sendable {
  /// The manifest's file name without its extension: the folder under `artifacts/`.
  package let name: String
  /// The manifest's path as the user wrote it.
  package let manifest: String
  /// The manifest's text with all overrides and included files, for the record.
  package let text: String
  /// Every stage after those that it reads from; otherwise in the order of the manifest.
  package let stages: [PipelineStage]

  package init(name: String, manifest: String, text: String, stages: [PipelineStage]) {
    self.name = name
    self.manifest = manifest
    self.text = text
    self.stages = stages
  }

  /// The index of a stage by name.
  package func index(of name: String) -> Int? { stages.firstIndex { $0.name == name } }

  /// The indices of the stages that a name stands for: one stage, or all copies of one that a sweep copies. None
  /// where there is no such stage.
  package func indices(of name: String) -> [Int] {
    index(of: name).map { [$0] } ?? stages.indices.filter { stages[$0].baseName == name }
  }
}

/// One stage of a checked pipeline.
package struct PipelineStage: Sendable {
  /// Unique in the pipeline: `evaluation`, or `evaluation[attack=blend,seed=2]` for a copy.
  package let name: String
  /// The name given in the manifest, which all copies share: `evaluation`.
  package let baseName: String
  /// What tells a copy from the others, in the manifest's order of the variables; empty where `each` has
  /// made no copies.
  package let choices: [SweepChoice]
  package let kind: any Stage.Type
  /// All parameters, with defaults filled in and values in canonical form.
  package let parameters: [String: ParameterValue]
  /// For each connected input, the indices of the stages that it reads from, in manifest order.
  package let inputs: [String: [Int]]
  /// Where it is declared: file, line.
  package let location: SourceLocation

  package init(
    baseName: String, choices: [SweepChoice] = [], kind: any Stage.Type,
    parameters: [String: ParameterValue], inputs: [String: [Int]], location: SourceLocation
  ) {
    self.name = baseName + choices.suffix
    self.baseName = baseName
    self.choices = choices
    self.kind = kind
    self.parameters = parameters
    self.inputs = inputs
    self.location = location
  }

  package var declaration: StageDeclaration { kind.declaration }
}
