import ArgumentParser
import Compute
import Networks

extension Stem: ExpressibleByArgument {}

/// Which architecture is measured.
struct ArchitectureName: ExpressibleByArgument {
  let type: any Architecture.Type

  init(_ type: any Architecture.Type) { self.type = type }

  init?(argument: String) {
    guard let type = Architectures.named(argument) else { return nil }
    self.type = type
  }

  var defaultValueDescription: String { type.name }
  static var allValueStrings: [String] { Architectures.all.map { $0.name } }
}

/// What a network is trained for.
enum MeasuredObjective: String, CaseIterable, ExpressibleByArgument {
  case supervised, contrastive
}

/// Which step is measured.
struct StepOptions: ParsableArguments {
  @Option(help: "The architecture.") var architecture = ArchitectureName(ResNet18.self)
  @Option(help: "Channels of the first stage; the published width unless given.") var width: Int?
  @Option(help: "Pixels along the sides of an image.") var side = 32
  @Option(help: "Samples in a batch; 128, for contrastive learning 256 (512 views).") var batch: Int?
  @Option(help: "What stands before the stages.") var stem = Stem.plain
  @Option(help: "supervised or contrastive.") var objective = MeasuredObjective.supervised
  @Flag(help: "Evaluate instead of training.") var infer = false

  func validate() throws {
    guard width ?? 1 > 0, side > 0, samples > 0 else {
      throw ValidationError("width, side and batch are at least 1")
    }
    guard architecture.type.stems.contains(stem) else {
      throw ValidationError("\(architecture.type.name) has no stem '\(stem.rawValue)'")
    }
    if infer && objective == .contrastive {
      throw ValidationError("--infer has no loss: it does not go with --objective contrastive")
    }
  }

  var samples: Int { batch ?? (objective == .contrastive ? 256 : 128) }

  /// What the images of a step are called.
  var unit: String { objective == .contrastive ? "views" : "images" }

  var summary: String {
    "\(description.architecture.name), width \(description.width), \(stem.rawValue), "
      + "\(side)x\(side), batch \(samples), "
      + (infer ? "infer" : objective == .contrastive ? "contrastive" : "train")
  }

  private var description: ModelDescription {
    ModelDescription(
      architecture: architecture.type, width: width, stem: stem, classes: 10,
      image: MapShape(height: side, width: side, channels: 3))
  }

  func makeStep(threads: Int) -> any Step {
    let pool = WorkerPool(threads: threads)
    switch objective {
    case .supervised:
      return SupervisedStep(description, batch: samples, pool: pool, trains: !infer)
    case .contrastive: return ContrastiveStep(description, batch: samples, pool: pool)
    }
  }

  /// The same for `Peers/pytorch_step.py`.
  var peerArguments: [String] {
    [
      "--architecture", description.architecture.name, "--width", "\(description.width)", "--side", "\(side)", "--batch", "\(samples)", "--stem", stem.rawValue, "--objective",
      objective.rawValue,
    ] + (infer ? ["--infer"] : [])
  }
}
