import ArgumentParser
import Pipelines
import Stages
import SystemPackage

extension Winnow {
  struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print again what the final stages of a pipeline found, or write a page about it.",
      discussion: """
        The page is one HTML file with pictures of suspects, charts and tables; it needs no network.

        Example: winnow report pipelines/quickstart.pipeline --html report.html
        """)

    @OptionGroup var arguments: PipelineArguments

    @Option(
      help: ArgumentHelp("Write a page about what was built so far.", valueName: "file"),
      completion: .file(extensions: ["html"]))
    var html: String?

    mutating func run() throws {
      let pipeline = try arguments.load()
      let plan = try arguments.inspector(of: pipeline).plan()
      for stage in html == nil ? pipeline.finalStages : pipeline.stages {
        guard let planned = plan.stages.first(where: { $0.name == stage.name }),
          planned.state != .fresh
        else { continue }
        Output.message("\(stage.name) is not up to date: 'winnow status' says why")
      }
      let store = arguments.place.store
      guard let html else {
        return try NoteText.print(pipeline.finalStages, of: pipeline, in: store)
      }
      let page = try PipelineReport(of: pipeline, in: store).html()
      try OutputFile.write(page, to: arguments.place.directory.pushing(FilePath(html)))
      Output.message("wrote '\(html)'")
    }
  }
}
