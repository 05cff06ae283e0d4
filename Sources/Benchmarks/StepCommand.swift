import ArgumentParser
import Compute
import Foundation
import Networks

typealias Stem = ResidualNetworkConfiguration.Stem
extension ResidualNetworkConfiguration.Stem: ExpressibleByArgument {}

/// Whole training steps or evaluations, alone or in alternation with PyTorch.
struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Time training steps or evaluations of a whole ResNet-18.",
    discussion: """
      With --against, the step is taken in turn here and by PyTorch, in fp32 and in bf16, and the \
      ratios of the times of each round are shown with their spread. PYTHON is an interpreter that \
      can import torch.
      """)

  @Option(help: "Channels of the first stage.") var width = 64
  @Option(help: "Images in a batch.") var batch = 128
  @Option(help: "What stands before the stages: plain or max-pool.") var stem = Stem.plain
  @Option(help: "Threads.") var threads = WorkerPool.defaultThreadCount
  @Option(help: "Steps that are timed, after one to warm up.") var steps = 7
  @Flag(help: "Evaluate instead of training.") var infer = false
  @Option(help: ArgumentHelp("Alternate with PyTorch.", valueName: "python")) var against: String?

  func run() throws {
    let step = NetworkStep(width: width, batch: batch, stem: stem, threads: threads, trains: !infer)
    step.run()
    let name =
      "width \(width), \(stem.rawValue), batch \(batch), \(threads) threads, "
      + (infer ? "infer" : "train")
    if let against {
      print(name)
      try alternate(step, python: against)
    } else {
      let times = (0..<steps).map { _ in measure(step) }
      print(
        name
          + String(
            format: ": %.1f images/s (best %.1f; %.3f ms of processor time an image)",
            Double(batch) / times.map(\.wall).median, Double(batch) / times.map(\.wall).quantile(0),
            times.map(\.processor).median * 1e3 / Double(batch)))
    }
  }

  private func measure(_ step: NetworkStep) -> (wall: Double, processor: Double) {
    let (wall, processor) = (Timing.wallSeconds, Timing.processorSeconds)
    step.run()
    return (Timing.wallSeconds - wall, Timing.processorSeconds - processor)
  }

  private func alternate(_ step: NetworkStep, python: String) throws {
    let peers = try ["fp32", "bf16"].map { type in
      try Peer(
        name: "PyTorch " + type, python: python, script: "pytorch_step.py",
        arguments: [
          "--width", "\(width)", "--batch", "\(batch)", "--threads", "\(threads)", "--stem",
          stem.rawValue, "--dtype", type,
        ] + (infer ? ["--infer"] : []))
    }
    var own: [Double] = []
    var theirs = peers.map { _ in [Double]() }
    for _ in 0..<steps {
      own.append(measure(step).wall)
      for (index, peer) in peers.enumerated() { theirs[index].append(try peer.step()) }
    }
    print("  winnow".padded(18) + rates(own))
    for (peer, times) in zip(peers, theirs) {
      let ratios = zip(own, times).map { $1 / $0 }
      print(
        "  \(peer.name)".padded(18) + rates(times)
          + String(
            format: "; winnow is %.2f times as fast (%.2f to %.2f)", ratios.median,
            ratios.quantile(0), ratios.quantile(1)))
    }
  }

  private func rates(_ seconds: [Double]) -> String {
    String(
      format: "%8.1f images/s (%.1f to %.1f)", Double(batch) / seconds.median,
      Double(batch) / seconds.quantile(1), Double(batch) / seconds.quantile(0))
  }
}
