import ArgumentParser
import Pipelines

extension Winnow {
  struct Costs: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what the stages of a pipeline took: time and memory.",
      discussion: """
        From the records of the runs that built the artifacts, which are not in the artifacts themselves: equal \
        inputs give equal files. The copies that 'each' makes of a stage are on one line: the mean of their times, \
        and the largest memory. 'in all' is the time of the stage and of everything that it needs, one after the \
        other: what a method takes stands beside its evaluation. Times are comparable when the stages ran one at a \
        time ('run --jobs 1') with equally many threads. The memory is that of the whole program, with what stages \
        before it in the same run have left; a run of a stage alone tells its own ('run --only STAGE --force STAGE').

        Example: winnow costs pipelines/paper/small/appendix-i.pipeline

        Example: winnow costs pipelines/paper/small/appendix-i.pipeline --csv > costs.csv
        """)

    @OptionGroup var arguments: PipelineArguments

    @Flag(help: "Print CSV: times in seconds, memory in bytes.")
    var csv = false

    @Flag(help: "Print JSON.")
    var json = false

    mutating func validate() throws {
      if csv && json { throw ValidationError("--csv and --json exclude each other") }
    }

    mutating func run() throws {
      let pipeline = try arguments.load()
      let plan = try arguments.inspector(of: pipeline).plan()
      let text = CostsText(PipelineCosts(of: pipeline, plan))
      if csv {
        Output.rawResult(text.csv)
      } else {
        Output.result(json ? try text.json() : text.text)
      }
      if !plan.isFresh {
        Output.message("not up to date and not counted: \(plan.unfinished.count) of the stages; 'winnow status' says why")
      }
    }
  }
}
