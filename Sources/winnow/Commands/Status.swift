import ArgumentParser
import Pipelines

extension Winnow {
  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show which stages are up to date, which are not, and why.",
      discussion: """
        'stale' stages will run; 'maybe' ones read something that will be rebuilt, and run only if \
        it comes out different. The exit status is 1 when anything is not up to date.

        Example: winnow status pipelines/quickstart.pipeline
        """)

    @OptionGroup var arguments: PipelineArguments

    @Flag(help: "Print JSON.")
    var json = false

    mutating func run() throws {
      let pipeline = try arguments.load()
      let plan = try arguments.inspector(of: pipeline).plan()
      let text = PlanText(plan: plan, store: arguments.place.store)
      Output.result(json ? try text.json() : text.text)
      if !plan.isFresh { throw ExitCode(1) }
    }
  }
}
