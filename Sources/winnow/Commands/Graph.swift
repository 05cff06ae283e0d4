import ArgumentParser
import Pipelines

extension Winnow {
  struct Graph: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the stages of a pipeline and what they read.",
      discussion: """
        Example: winnow graph --dot pipelines/dbr.pipeline | dot -Tsvg > dbr.svg
        """)

    @OptionGroup var arguments: PipelineArguments

    @Flag(help: "Print a graph for Graphviz.")
    var dot = false

    mutating func run() throws {
      let text = PipelineGraphText(try arguments.load())
      Output.result(dot ? text.dot : text.text)
    }
  }
}
