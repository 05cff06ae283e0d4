/// A stage after substitution. A stage that depends on a sweep has one for each of its copies.
struct StageInstance {
  struct Parameter {
    let name: Token
    /// `nil` when it is unknown, which has been reported.
    let value: ResolvedText?
  }

  struct Input {
    let name: Token
    let sources: [Source]
    /// What is wrong with the sources that are not among them.
    let problems: [Diagnostic]
  }

  struct Source {
    /// The place of the stage among all instances.
    let index: Int
    let span: SourceSpan
  }

  let syntax: StageSyntax
  /// What tells a copy from the others of the same stage.
  let choices: [SweepChoice]
  let parameters: [Parameter]
  let inputs: [Input]

  /// `train`, or `train[attack=blend]` for a copy.
  var name: String { syntax.name.text + choices.suffix }
}
