extension Diagnostic {
  /// What is wrong, with the names and values that it is about.
  package enum Kind: Hashable, Sendable {
    // Reading.
    case unreadable(path: String, reason: String)
    case tooLarge(path: String, limit: Int)
    case invalidUTF8
    case controlCharacter(UInt32)
    case includeCycle([String])

    // The form of a line.
    case unknownStatement(String)
    case indentedStatement(String)
    case outsideStage
    case expected(Expectation, after: String)
    case unexpectedText(String)
    case invalidName(String, NameRole)
    case loneDollar
    case unclosedBrace
    case invalidSelection(String)
    case variableInInclude

    // Variables and overrides.
    case duplicateVariable(String)
    case setAfterDefault(String)
    case unknownVariable(String)
    case unusedVariable(String)
    case valueTooLong(limit: Int)
    case duplicateSweepValue(String)
    case unsafeSweepValue(String)
    case nestedSweep(String)
    case tooManyCopies(limit: Int)
    case unknownOverride(String)
    case duplicateOverride(String)
    case unusedOverride(String)

    // Stages.
    case noStages
    case duplicateStage(String)
    case unknownKind(String)
    case cycle([String])
    case problem(String)

    // Parameters.
    case unknownParameter(String, kind: String)
    case duplicateParameter(String)
    case missingParameter(String, kind: String)
    case inputGivenAsParameter(String)
    case wrongType(parameter: String, text: String, takes: String)
    case outOfRange(parameter: String, text: String, takes: String)
    case unknownWord(parameter: String, text: String)
    case missingPath(String, reason: String)

    // Inputs.
    case unknownInput(String, kind: String)
    case duplicateInput(String)
    case missingInput(String, kind: String)
    case neededInput(String, setting: String)
    case parameterGivenAsInput(String)
    case unknownStage(String)
    case duplicateSource(String)
    case tooManySources(input: String, count: Int)
    case wrongArtifact(input: String, accepts: [String], stage: String, produces: String)
  }

  /// What the grammar wants to see next.
  package enum Expectation: Hashable, Sendable {
    case name
    case equalsSign
    case colon
    case kind
    case value
    case equalsSignOrArrow
    case stageNames
    case path
  }

  /// What a name stands for.
  package enum NameRole: Hashable, Sendable {
    case stage
    case variable
  }
}
