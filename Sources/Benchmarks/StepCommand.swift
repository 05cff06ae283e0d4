import ArgumentParser
import Compute
import Foundation
import Networks

typealias Stem = ResidualNetworkConfiguration.Stem
extension ResidualNetworkConfiguration.Stem: ExpressibleByArgument {}

/// Whole training steps or evaluations, alone or in alternation with PyTorch.
struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Time training steps or evaluations of a whole ResNet-18.")

  @Option(help: "Channels of the first stage.") var width = 64
  @Option(help: "Images in a batch.") var batch = 128
  @Option(help: "What stands before the stages: plain or max-pool.") var stem = Stem.plain
  @Option(help: "Threads.") var threads = WorkerPool.defaultThreadCount
  @Option(help: "Steps that are timed, after one to warm up.") var steps = 5
  @Flag(help: "Evaluate instead of training.") var infer = false

  func run() throws {
    let name = "width \(width), \(stem.rawValue), batch \(batch), \(threads) threads, "
      + (infer ? "infer" : "train")
    let step = NetworkStep(width: width, batch: batch, stem: stem, threads: threads, trains: !infer)
    step.run()
    let (wall, processor) = (0..<steps).reduce(into: ([Double](), [Double]())) { times, _ in
      let (wall, processor) = (Timing.wallSeconds, Timing.processorSeconds)
      step.run()
      times.0.append(Timing.wallSeconds - wall)
      times.1.append(Timing.processorSeconds - processor)
    }
    print(
      name
        + String(
          format: ": %.1f images/s (best %.1f; %.3f ms of processor time an image)",
          Double(batch) / wall.median, Double(batch) / wall.quantile(0),
          processor.median * 1e3 / Double(batch)))
  }
}
