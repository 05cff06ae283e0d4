import ArgumentParser
import Compute
import Networks

typealias Stem = ResidualNetworkConfiguration.Stem
extension ResidualNetworkConfiguration.Stem: ExpressibleByArgument {}

/// What a network is trained for.
enum Objective: String, CaseIterable, ExpressibleByArgument {
  case supervised, contrastive
}

/// Which step is measured.
struct StepOptions: ParsableArguments {
  @Option(help: "Channels of the first stage.") var width = 64
  @Option(help: "Samples in a batch; 128, for contrastive learning 256 (512 views).") var batch: Int?
  @Option(help: "What stands before the stages: plain or max-pool.") var stem = Stem.plain
  @Option(help: "supervised or contrastive.") var objective = Objective.supervised
  @Flag(help: "Evaluate instead of training.") var infer = false

  func validate() throws {
    guard width > 0, samples > 0 else {
      throw ValidationError("width and batch are at least 1")
    }
    if infer && objective == .contrastive {
      throw ValidationError("--infer has no loss: it does not go with --objective contrastive")
    }
  }

  var samples: Int { batch ?? (objective == .contrastive ? 256 : 128) }

  /// What the images of a step are called.
  var unit: String { objective == .contrastive ? "views" : "images" }

  var summary: String {
    "width \(width), \(stem.rawValue), batch \(samples), "
      + (infer ? "infer" : objective == .contrastive ? "contrastive" : "train")
  }

  func makeStep(threads: Int) -> any Step {
    let configuration = ResidualNetworkConfiguration(width: width, stem: stem, classes: 10)
    let pool = WorkerPool(threads: threads)
    switch objective {
    case .supervised:
      return SupervisedStep(configuration, batch: samples, pool: pool, trains: !infer)
    case .contrastive: return ContrastiveStep(configuration, batch: samples, pool: pool)
    }
  }

  /// The same for `Peers/pytorch_step.py`.
  var peerArguments: [String] {
    [
      "--width", "\(width)", "--batch", "\(samples)", "--stem", stem.rawValue, "--objective",
      objective.rawValue,
    ] + (infer ? ["--infer"] : [])
  }
}
