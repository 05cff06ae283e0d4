import SystemPackage

/// Everything that the pipeline knows of a kind of stage: the source of checks, of `winnow stages`
/// and of fingerprints.
package struct StageDeclaration: Sendable {
  /// The word after the colon in `stage warmup : train`.
  package let kind: String
  /// Raised whenever the stage computes something else from the same inputs and parameters.
  package let version: Int
  /// One line.
  package let summary: String
  package let inputs: [InputDeclaration]
  package let parameters: [ParameterDeclaration]
  package let output: ArtifactType

  package init(
    kind: String, version: Int, summary: String, inputs: [InputDeclaration] = [],
    parameters: [ParameterDeclaration] = [], output: ArtifactType
  ) {
    self.kind = kind
    self.version = version
    self.summary = summary
    self.inputs = inputs
    self.parameters = parameters
    self.output = output
  }
}

/// A kind of stage: a declaration and the work.
///
/// `run` must be a function of its declared inputs and parameters alone: equal inputs give equal bytes.
package protocol Stage: SendableMetatype {
  static var declaration: StageDeclaration { get }

  /// Checks that concern several parameters at once; every string returned is shown as an error at
  /// the stage's line. The default finds nothing.
  static func problems(with parameters: [String: ParameterValue]) -> [String]

  /// Optional inputs that some values of parameters make necessary; a stage without one of them is an error of its
  /// manifest. The default is none.
  static func needs(with parameters: [String: ParameterValue]) -> [InputNeed]

  /// Reads the inputs, does the work and writes `context.output`.
  ///
  /// - Throws: whatever goes wrong, and `StageInterrupted` when the user asked to stop.
  static func run(_ context: StageContext) throws

  /// What a run is expected to take. The default knows nothing, and passes on what is known of the inputs.
  static func estimate(_ context: EstimateContext) -> StageEstimate

  /// What an artifact that is there says of itself, in place of the facts that `estimate` foresees; the default
  /// takes those.
  static func facts(ofArtifactAt path: FilePath) -> ArtifactFacts?
}

extension Stage {
  package static func problems(with parameters: [String: ParameterValue]) -> [String] { [] }

  package static func needs(with parameters: [String: ParameterValue]) -> [InputNeed] { [] }

  package static func estimate(_ context: EstimateContext) -> StageEstimate {
    StageEstimate(facts: context.allFacts)
  }

  package static func facts(ofArtifactAt path: FilePath) -> ArtifactFacts? { nil }
}

/// An optional input that a value of a parameter makes necessary.
package struct InputNeed: Hashable, Sendable {
  package let input: String
  /// As in a manifest: `attack = cl`.
  package let setting: String

  package init(_ input: InputDeclaration, with parameter: String, _ value: String) {
    self.input = input.name
    setting = "\(parameter) = \(value)"
  }
}

/// The kinds of stage that a manifest may name, in the order of `winnow stages`.
package struct StageCatalogue: Sendable {
  package let stages: [any Stage.Type]

  package init(_ stages: [any Stage.Type]) { self.stages = stages }

  package subscript(kind: String) -> (any Stage.Type)? {
    stages.first { $0.declaration.kind == kind }
  }
}
