import ArgumentParser
import Pipelines

extension Winnow {
  struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print again what the final stages of a pipeline found.",
      discussion: """
        Example: winnow report pipelines/quickstart.pipeline
        """)

    @OptionGroup var arguments: PipelineArguments

    mutating func run() throws {
      let pipeline = try arguments.load()
      let plan = try arguments.inspector(of: pipeline).plan()
      for stage in pipeline.finalStages {
        guard let planned = plan.stages.first(where: { $0.name == stage.name }),
          planned.state != .fresh
        else { continue }
        Output.message("\(stage.name) is not up to date: 'winnow status' says why")
      }
      try NoteText.print(pipeline.finalStages, of: pipeline, in: arguments.place.store)
    }
  }
}
