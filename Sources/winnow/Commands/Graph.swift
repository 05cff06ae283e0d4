import ArgumentParser
import Pipelines

extension Winnow {
  struct Graph: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the stages of a pipeline and what they read.",
      discussion: """
        The copies that 'each' makes of a stage are folded into one; --copies shows them all.

        Example: winnow graph --dot pipelines/dbr.pipeline | dot -Tsvg > dbr.svg
        """)

    @OptionGroup var arguments: PipelineArguments

    @Flag(help: "Print a graph for Graphviz.")
    var dot = false

    @Flag(help: "Show every copy of a swept stage.")
    var copies = false

    mutating func run() throws {
      let text = PipelineGraphText(try arguments.load(), folds: !copies)
      Output.result(dot ? text.dot : text.text)
    }
  }
}
