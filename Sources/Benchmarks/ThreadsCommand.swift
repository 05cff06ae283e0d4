import ArgumentParser
import Compute
import Foundation

/// The same step with different numbers of threads.
struct ThreadsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "threads", abstract: "Show how a step scales with the number of threads.",
    discussion: """
      The step is taken in turn with each number of threads; ratios are to the first number in the \
      same round, and shown with their spread.
      """)

  @OptionGroup var options: StepOptions
  @Option(help: "Rounds, after one to warm up.") var rounds = 7
  @Argument(help: "Numbers of threads.") var threads = [1, 2]

  func validate() throws {
    guard rounds > 0, !threads.isEmpty, threads.allSatisfy({ (1...1024).contains($0) }) else {
      throw ValidationError("rounds and threads are at least 1")
    }
  }

  func run() throws {
    let steps = threads.map { options.makeStep(threads: $0) }
    for step in steps { step.run() }
    var times = threads.map { _ in [Double]() }
    for _ in 0..<rounds {
      for (index, step) in steps.enumerated() { times[index].append(Timing.measure(step.run).wall) }
    }
    print(options.summary)
    for (index, count) in threads.enumerated() {
      let ratios = zip(times[0], times[index]).map { $0 / $1 }
      print(
        "  \(count) threads".padded(18) + times[index].rates(of: steps[index].images, options.unit)
          + String(
            format: "; %.2f times as fast as %d (%.2f to %.2f)", ratios.median, threads[0],
            ratios.quantile(0), ratios.quantile(1)))
    }
  }
}
