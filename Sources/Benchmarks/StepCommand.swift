import Allocations
import ArgumentParser
import Compute
import Foundation

/// Whole training steps or evaluations, alone or in alternation with PyTorch.
struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Time training steps or evaluations of a whole ResNet-18.",
    discussion: """
      With --against, the step is taken in turn here and by PyTorch, in fp32 and in bf16, and the \
      ratios of the times of each round are shown with their spread. PYTHON is an interpreter that \
      can import torch.
      """)

  @OptionGroup var options: StepOptions
  @Option(help: "Threads.") var threads = WorkerPool.defaultThreadCount
  @Option(help: "Steps that are timed, after one to warm up.") var steps = 7
  @Option(help: ArgumentHelp("Alternate with PyTorch.", valueName: "python")) var against: String?

  func validate() throws {
    guard threads > 0, steps > 0 else { throw ValidationError("threads and steps are at least 1") }
  }

  func run() throws {
    let baseline = ResidentMemory.current
    let step = options.makeStep(threads: threads)
    step.run()
    print("\(options.summary), \(threads) threads")
    if let against {
      try alternate(step, python: against)
    } else {
      let times = (0..<steps).map { _ in Timing.measure(step.run) }
      print(
        "  winnow".padded(18) + rates(times.map(\.wall), of: step)
          + String(
            format: "; %.3f ms of processor time each",
            times.map(\.processor).median * 1e3 / Double(step.images)))
    }
    if let peak = ResidentMemory.peak, let baseline {
      print(
        String(
          format: "  peak memory: %.0f MiB above the %.0f MiB before the network was made",
          Double(peak - baseline) / 1024, Double(baseline) / 1024))
    }
    if AllocationCount.isPossible { print("  allocations a step: \(allocations(of: step))") }
  }

  /// The most of three steps.
  private func allocations(of step: any Step) -> Int {
    let count = AllocationCount(of: step.pool)
    return count.watch {
      var most = 0
      for _ in 0..<3 {
        let before = count.total
        step.run()
        most = max(most, count.total - before)
      }
      return most
    }
  }

  private func alternate(_ step: any Step, python: String) throws {
    let peers = try ["fp32", "bf16"].map { type in
      try Peer(
        name: "PyTorch " + type, python: python, script: "pytorch_step.py",
        arguments: options.peerArguments + ["--threads", "\(threads)", "--dtype", type])
    }
    var own: [Double] = []
    var theirs = peers.map { _ in [Double]() }
    for _ in 0..<steps {
      own.append(Timing.measure(step.run).wall)
      for (index, peer) in peers.enumerated() { theirs[index].append(try peer.step()) }
    }
    print("  winnow".padded(18) + rates(own, of: step))
    for (peer, times) in zip(peers, theirs) {
      let ratios = zip(own, times).map { $1 / $0 }
      print(
        "  \(peer.name)".padded(18) + rates(times, of: step)
          + String(
            format: "; winnow is %.2f times as fast (%.2f to %.2f)", ratios.median,
            ratios.quantile(0), ratios.quantile(1)))
    }
  }

  private func rates(_ seconds: [Double], of step: any Step) -> String {
    seconds.rates(of: step.images, options.unit)
  }
}
