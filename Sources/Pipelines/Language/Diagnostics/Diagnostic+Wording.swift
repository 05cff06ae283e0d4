// All English of the manifest language.

extension Diagnostic {
  /// What is wrong, in one sentence without the place.
  package var message: String { kind.message }

  /// How to fix it, where that is known.
  package var advice: String? { hint?.words }
}

extension Diagnostic.Kind {
  fileprivate var message: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read '\(path)': \(reason)"
    case .tooLarge(let path, let limit):
      "'\(path)' is larger than \(limit / 1024) KiB: this cannot be a manifest"
    case .invalidUTF8: "invalid UTF-8"
    case .controlCharacter(let code):
      "control character U+\(String(code, radix: 16, uppercase: true).leftPadded(to: 4, with: "0"))"
    case .includeCycle(let files): "files include each other: \(files.joined(separator: " -> "))"

    case .unknownStatement(let word): "unknown statement '\(word)'"
    case .indentedStatement(let word): "'\(word)' is indented"
    case .outsideStage: "indented line without a stage above it"
    case .expected(let expectation, after: ""): "expected \(expectation.words)"
    case .expected(let expectation, let text): "expected \(expectation.words) after '\(text)'"
    case .unexpectedText(let text): "unexpected '\(text)'"
    case .invalidName(let name, .stage): "'\(name)' cannot be the name of a stage"
    case .invalidName(let name, .variable): "'\(name)' cannot be the name of a variable"
    case .loneDollar: "'$' without a name"
    case .unclosedBrace: "'${' without '}'"
    case .invalidSelection(let word): "'\(word)': only '[*]' may follow the name of a stage"
    case .variableInInclude: "variables cannot be used in 'include'"

    case .duplicateVariable(let name): "variable '\(name)' is defined twice"
    case .setAfterDefault(let name): "variable '\(name)' is set too late: its default is in use already"
    case .unknownVariable(let name): "unknown variable '\(name)'"
    case .unusedVariable(let name): "variable '\(name)' is never used"
    case .valueTooLong(let limit): "value longer than \(limit) bytes"
    case .duplicateSweepValue(let value): "'\(value)' is listed twice"
    case .unsafeSweepValue(let value): "'\(value)' cannot be a value of 'each'"
    case .nestedSweep(let name): "an 'each' cannot depend on another, here through '\(name)'"
    case .tooManyCopies(let limit): "'each' makes more than \(limit) copies of stages"
    case .unknownOverride(let name): "unknown variable '\(name)'"
    case .duplicateOverride(let name): "'\(name)' is given twice"
    case .unusedOverride(let name): "'\(name)' has no effect: nothing uses it"

    case .noStages: "this manifest has no stages"
    case .duplicateStage(let name): "stage '\(name)' is defined twice"
    case .unknownKind(let kind): "unknown kind of stage '\(kind)'"
    case .cycle(let stages): "stages depend on each other: \(stages.joined(separator: " -> "))"
    case .problem(let text): text

    case .unknownParameter(let name, let kind):
      "unknown parameter '\(name)' for a stage of kind '\(kind)'"
    case .duplicateParameter(let name): "parameter '\(name)' is given twice"
    case .missingParameter(let name, let kind):
      "a stage of kind '\(kind)' needs the parameter '\(name)'"
    case .inputGivenAsParameter(let name): "'\(name)' is an input, not a parameter"
    case .wrongType(let parameter, let text, let values): "'\(parameter)' takes \(values), not '\(text)'"
    case .outOfRange(let parameter, let text, let values):
      "\(text) is out of range: '\(parameter)' takes \(values)"
    case .unknownWord(let parameter, let text): "unknown value '\(text)' of '\(parameter)'"
    case .missingPath(let path, let reason): "cannot read '\(path)': \(reason)"

    case .unknownInput(let name, let kind): "unknown input '\(name)' for a stage of kind '\(kind)'"
    case .duplicateInput(let name): "input '\(name)' is given twice"
    case .missingInput(let name, let kind): "a stage of kind '\(kind)' needs the input '\(name)'"
    case .neededInput(let name, let setting): "'\(setting)' needs the input '\(name)'"
    case .parameterGivenAsInput(let name): "'\(name)' is a parameter, not an input"
    case .unknownStage(let name): "unknown stage '\(name)'"
    case .duplicateSource(let name): "stage '\(name)' is listed twice"
    case .tooManySources(let input, let count):
      "input '\(input)' takes one stage, but is given \(count)"
    case .wrongArtifact(let input, let accepts, let stage, let produces):
      "input '\(input)' takes \(accepts.quoted(" or ")), but stage '\(stage)' produces '\(produces)'"
    }
  }
}

extension Diagnostic.Expectation {
  fileprivate var words: String {
    switch self {
    case .name: "a name"
    case .equalsSign: "'='"
    case .colon: "':'"
    case .kind: "a kind of stage"
    case .value: "a value"
    case .equalsSignOrArrow: "'=' or '<-'"
    case .stageNames: "the name of a stage"
    case .path: "the path of a manifest"
    }
  }
}

extension Diagnostic.Hint {
  fileprivate var words: String {
    switch self {
    case .didYouMean(let name): "did you mean '\(name)'?"
    case .oneOf(let names):
      names.count == 1 ? "there is only \(names.quoted(""))" : "choose from \(names.quoted(", "))"
    case .write(let text): "write '\(text)'"
    case .escapeDollar: "write '$$' for a dollar sign"
    case .startStatement: "a line begins with 'stage', 'let', 'let?', 'each' or 'include', or is indented"
    case .indentUnderStage: "parameters and inputs are indented under their stage"
    case .putUnderStage: "begin a stage with 'stage NAME : KIND'"
    case .startAtBeginningOfLine: "begin it at the beginning of the line"
    case .definedLater: "a 'let' can use only variables that are defined above it"
    case .setBeforeInclude(let file): "set it above the 'include' that brings in '\(file)'"
    case .useInputArrow(let name): "write '\(name) <- STAGE'"
    case .useEqualsSign(let name): "write '\(name) = VALUE'"
    case .nameCharacters(.stage):
      "use letters a to z, digits, '-', '_' and '.', with a letter, a digit or '_' first"
    case .nameCharacters(.variable):
      "use letters a to z, digits, '-' and '_', with a letter, a digit or '_' first"
    case .sweepValueCharacters:
      "values of 'each' become names of files: use letters a to z, digits and '-', '_', '.', '%', '+'"
    case .percentIsForShares(let plain): "only shares are given in percent; write '\(plain)'"
    case .separateBySpaces: "separate numbers by spaces"
    case .pathsAreRelative: "paths are relative to the directory of the run"
    case .accepted(let values): "it takes \(values)"
    case .producers(let stages, let types, let kinds):
      stages.isEmpty
        ? "no other stage here produces \(types.quoted(" or "))"
          + (kinds.isEmpty ? "" : "; one of kind \(kinds.quoted(" or ")) would")
        : "stages that produce \(types.quoted(" or ")): \(stages.quoted(", "))"
    case .inputsAreNotOverridden: "only parameters can be set on the command line"
    }
  }
}

extension Diagnostic.Related.Role {
  fileprivate var words: String {
    switch self {
    case .firstDefinition: "the first one is here"
    case .definition: "it is defined here"
    case .defaultValue: "the default is here"
    case .valueOfVariable(let name): "the value of '\(name)' comes from here"
    case .declaration(let stage): "stage '\(stage)' is declared here"
    }
  }
}

extension Diagnostic.Related {
  /// What is at the other place.
  var message: String { role.words }
}

extension [String] {
  fileprivate func quoted(_ separator: String) -> String {
    prefix(20).map { "'\($0)'" }.joined(separator: separator) + (count > 20 ? " …" : "")
  }
}

extension String {
  func leftPadded(to width: Int, with character: Character) -> String {
    String(repeating: character, count: Swift.max(0, width - count)) + self
  }
}
