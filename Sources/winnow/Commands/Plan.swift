import ArgumentParser
import Compute
import Pipelines
import Stages

extension Winnow {
  struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what a run would take: time and memory, stage by stage and in all.",
      discussion: """
        Times come from the records of earlier runs in artifacts/. Where there are none, networks are \
        counted and their speed is measured, which takes a moment; what nobody knows is said to be \
        unknown, and is in no sum. Nothing is run.

        Example: winnow plan pipelines/dbr.pipeline --jobs 4
        """)

    @OptionGroup var arguments: PipelineArguments

    @Option(
      help: ArgumentHelp(
        "Plan only this stage and what it needs; may be given again.", valueName: "stage"))
    var only: [String] = []

    @Option(
      help: ArgumentHelp(
        "Plan to run this stage even if it is up to date; may be given again.", valueName: "stage"))
    var force: [String] = []

    @Option(name: .shortAndLong, help: "Foretell a run with so many stages at once, here and on a cluster.")
    var jobs = 4

    @Flag(help: "Print JSON.")
    var json = false

    mutating func validate() throws {
      guard (1...1024).contains(jobs) else {
        throw ValidationError("--jobs takes 1 to 1024 stages, not \(jobs)")
      }
    }

    mutating func run() throws {
      let pipeline = try arguments.load()
      let runner = try arguments.inspector(
        of: pipeline,
        RunOptions(
          only: only, force: force, jobs: jobs, threads: WorkerPool.defaultThreadCount,
          memoryLimit: MemoryGuard.available))
      let plan = try runner.plan()
      let text = EstimateText(plan: plan, estimate: runner.estimate(plan), jobs: jobs)
      Output.result(json ? try text.json() : text.text)
    }
  }
}
