import ArgumentParser
import Compute
import Pipelines
import Stages
import SystemPackage

extension Winnow {
  /// What a job of `run --on slurm` does.
  struct Work: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Do the work of a stage's ticket (a job of 'run --on slurm').", shouldDisplay: false)

    @Argument(help: "The ticket.", completion: .file())
    var ticket: String

    mutating func run() throws {
      Signals.install()
      let work = try JobWork(
        ticket: FilePath(ticket), catalogue, reporter: RunDisplay(), interruption: Signals.interruption)
      do {
        try work.perform()
      } catch is StageInterrupted {
        throw PipelineError.interrupted(signal: Signals.interruption.requestedBy, stage: work.stage)
      }
    }
  }
}
