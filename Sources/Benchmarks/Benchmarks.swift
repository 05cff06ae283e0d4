import ArgumentParser

/// Measures of the numeric code, to be run on an otherwise idle machine.
@main
struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Benchmarks",
    abstract: "Measure training steps, their parts, reading pictures and the machine itself.",
    discussion: """
      swift run -c release Benchmarks step --width 64 --batch 128
      swift run -c release Benchmarks step --against /path/to/python3
      swift run -c release Benchmarks step --objective contrastive --width 16
      swift run -c release Benchmarks threads 1 2 --width 16
      swift run -c release Benchmarks input
      swift run -c release Benchmarks folder /path/to/pictures --against /path/to/python3
      swift run -c release Benchmarks layers --width 16 --stem max-pool
      swift run -c release Benchmarks machine
      """,
    subcommands: [
      StepCommand.self, ThreadsCommand.self, InputCommand.self, FolderCommand.self, LayersCommand.self,
      MachineCommand.self,
    ],
    defaultSubcommand: StepCommand.self)
}
