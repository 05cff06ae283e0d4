import ArgumentParser
import Pipelines

/// The command.
@main
struct Winnow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "winnow",
    abstract: "Find the poisoned samples of an image training set, and get a clean model out of it.",
    discussion: """
      A pipeline is a text file that names stages and what they read from each other. Each stage makes \
      one HDF5 file under artifacts/, and is run again only when something that it depends on changed. \
      Paths are relative to the directory that winnow is run in.

      Example: winnow run pipelines/quickstart.pipeline

      Example: winnow audit data/my-images

      Completions for a shell: winnow --generate-completion-script bash (or zsh, fish).

      Exit status: 0 done, 1 something is stale ('status') or poisoned ('audit', which has 2 and 3 as well), 64 wrong usage, 65 wrong manifest or \
      data, 66 missing input, 70 a bug, 73 cannot create a file, 74 input/output, 75 another run is \
      writing, 78 built for another processor, 129 hung up, 130 interrupted, 143 \
      terminated.
      """,
    version: "winnow \(programVersion)",
    subcommands: [
      Audit.self, Run.self, Plan.self, Costs.self, Status.self, Check.self, Graph.self, Stages.self, Show.self, Report.self, Export.self,
      Verify.self, Clean.self, Work.self,
    ])

  static func main() {
    Launch.openStandardStreams()
    Signals.ignoreFileSizeLimit()
    Launch.settle()
    do {
      var command = try parseAsRoot(Launch.arguments)
      if let problem = Launch.problemWithThreads { throw ValidationError(problem) }
      try command.run()
    } catch {
      Exit.withError(error)
    }
    Exit.withSuccess()
  }
}
