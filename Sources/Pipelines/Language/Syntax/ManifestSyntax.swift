/// What a manifest and the files that it includes say, before any name has been looked up.
struct ManifestSyntax {
  /// In the order in which they are read.
  var variables: [VariableSyntax] = []
  var stages: [StageSyntax] = []
  /// Whether something could not be read that may have defined a variable or a stage. A name that is
  /// not found is no error then, but its consequence.
  var isIncomplete = false
}

/// `let name = value`, `let? name = value` or `each name = value value value`.
struct VariableSyntax {
  enum Form {
    case single
    case sweep
  }

  let form: Form
  /// Written with `let?`: it counts only where nothing before it has set the variable.
  var isDefault = false
  let name: Token
  /// The text after `=`, for a sweep in words; `nil` when it could not be read.
  var values: [Template]?
  /// Settings in a shared file need not be used by every manifest that includes it.
  var isIncluded = false
  /// The argument on the command line that replaced the values.
  var override: SourceSpan?
  /// What it replaced.
  var replaced: [Template] = []
}

/// `stage name : kind` and the lines below it.
struct StageSyntax {
  let name: Token
  /// `nil` when it could not be read.
  let kind: Token?
  var parameters: [ParameterSyntax] = []
  var inputs: [InputSyntax] = []
  /// Whether a line could not be read. What is missing may have been on it.
  var isIncomplete = false
}

/// `name = value`.
struct ParameterSyntax {
  let name: Token
  /// `nil` when it could not be read.
  var value: Template?
  /// What the command line replaced.
  var replaced: Template?
}

/// `name <- stage stage`.
struct InputSyntax {
  let name: Token
  /// One for each word after the arrow that could be read.
  let sources: [Template]
}

/// A line that stands on its own, or a stage with its lines.
enum Statement {
  case variable(VariableSyntax)
  case include(Token)
  case stage(StageSyntax)
}
