import ArgumentParser
import Pipelines
import Stages

extension Winnow {
  struct Stages: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the kinds of stage, or describe one.",
      discussion: """
        Example: winnow stages train
        """)

    @Argument(help: "A kind of stage.")
    var kind: String?

    mutating func run() throws {
      let text = StageCatalogueText(catalogue)
      guard let kind else { return Output.result(text.list) }
      guard let details = text.details(of: kind) else {
        let hint = text.suggestion(for: kind).map { "; did you mean '\($0)'?" } ?? ""
        throw ValidationError("there is no kind of stage '\(kind)'\(hint)")
      }
      Output.result(details)
    }
  }
}
