import ArgumentParser
import Pipelines

extension Winnow {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a manifest without running anything.",
      discussion: """
        All errors are shown at once, each with its place and the nearest valid name.

        Example: winnow check pipelines/quickstart.pipeline
        """)

    @OptionGroup var arguments: PipelineArguments

    mutating func run() throws {
      let pipeline = try arguments.load()
      let count = pipeline.stages.count
      Output.result("\(arguments.manifest): \(count) \(count == 1 ? "stage" : "stages"), no errors")
    }
  }
}
