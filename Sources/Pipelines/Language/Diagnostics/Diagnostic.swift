/// One thing that is wrong, or doubtful, in a manifest or in an override of the command line.
///
/// It is a value without words; `Diagnostic+Wording.swift` puts it into English and
/// `Diagnostic+Rendering.swift` shows it with the line that it is about.
package struct Diagnostic: Hashable, Sendable {
  package enum Severity: Sendable {
    case error
    case warning
  }

  /// Another place that the reader should see.
  package struct Related: Hashable, Sendable {
    package enum Role: Hashable, Sendable {
      case firstDefinition
      case definition
      case defaultValue
      case valueOfVariable(String)
      case declaration(stage: String)
    }

    package let role: Role
    package let span: SourceSpan
  }

  /// How to fix it.
  package enum Hint: Hashable, Sendable {
    case didYouMean(String)
    case oneOf([String])
    /// What to write instead, word for word.
    case write(String)
    case startStatement
    case indentUnderStage
    case putUnderStage
    case startAtBeginningOfLine
    case definedLater
    /// The file that has the default.
    case setBeforeInclude(String)
    case escapeDollar
    case useInputArrow(String)
    case useEqualsSign(String)
    case nameCharacters(NameRole)
    case sweepValueCharacters
    case percentIsForShares(plain: String)
    case separateBySpaces
    case pathsAreRelative
    case accepted(String)
    /// The stages that produce what is missing, and where there is none the kinds that do.
    case producers([String], of: [String], kinds: [String])
    case inputsAreNotOverridden
  }

  package let kind: Kind
  package let span: SourceSpan
  package let hint: Hint?
  package let related: Related?

  package init(_ kind: Kind, at span: SourceSpan, hint: Hint? = nil, related: Related? = nil) {
    self.kind = kind
    self.span = span
    self.hint = hint
    self.related = related
  }

  package var severity: Severity {
    switch kind {
    case .unusedVariable: .warning
    default: .error
    }
  }
}
