import Images
import Networks
import Pipelines

/// Trains a network from scratch on the given labels: the warm-up, and the model to be repaired.
///
/// Output: see `ModelArtifact`.
enum TrainStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one, "The training set; its labels are taken as given.")
  static let split = InputDeclaration(
    "split", .split, count: .optional, "Trains on the images alone that it names clean.")
  static let architecture = Parameter<Architecture>.choice(
    "architecture", default: .resnet18, "The architecture.")
  static let width = Parameter.integer(
    "width", in: 1...1024, default: 64, unit: "channels",
    "Channels of the first stage; the others have 2, 4 and 8 times as many.")
  static let stem = Parameter<ResidualNetworkConfiguration.Stem>.choice(
    "stem", default: .maxPooling, "What stands before the residual stages.")
  static let normalization = Parameter<NormalizationWord>.choice(
    "normalization", default: .measured, "Mean and standard deviation that pixels are scaled by.")
  static let training = TrainingParameters(
    epochs: 2, learningRate: 0.01, schedule: .constant, augment: .none)

  static let declaration = StageDeclaration(
    kind: "train", version: 2, summary: "Trains a network from scratch on the given labels.",
    inputs: [images, split],
    parameters: [
      architecture.declaration, width.declaration, stem.declaration, normalization.declaration,
    ] + training.declarations,
    output: .model)

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let normalization = context[normalization].constants(for: images)
    let seed = UInt64(context[training.seed])
    let indices = try context.openIfGiven(split).map { try SplitSizes(SplitArtifact($0).split, of: images) }?
      .split.indices(of: .clean)
    if let indices, indices.isEmpty { throw ArtifactError.emptySet("clean", of: "learn") }
    let pass = TrainingPass(
      parts: [
        TrainingPart(
          name: "training",
          samples: TrainingSamples(
            assembler: BatchAssembler(images: images, normalization: normalization),
            indices: indices, augmentation: context[training.augment]),
          batch: context[training.batch], objective: .crossEntropy(CrossEntropy()))
      ], schedule: training.schedule(in: context))
    let configuration = ResidualNetworkConfiguration(
      width: context[width], stem: context[stem], classes: images.classCount,
      height: images.shape.height, imageWidth: images.shape.width,
      inputChannels: images.shape.channels)
    try NetworkMemory.require(configuration, capacity: pass.largestBatch)
    let network = ResidualNetwork(
      configuration, capacity: pass.largestBatch, context: ExecutionContext(pool: context.pool))
    network.initialize(seed: seed)
    let loop = TrainingLoop(
      network: network, passes: [pass], epochs: context[training.epochs],
      optimizer: training.optimizer(in: context), seed: seed)
    try CheckpointedTraining.run(loop, in: context)
    try ModelArtifact(
      network: network, normalization: normalization, epochsTrained: context[training.epochs]
    ).write(to: context.output, history: loop.state.history)
  }

  enum Architecture: String, ParameterWord {
    case resnet18

    var summary: String { "ResNet-18 for small images" }
  }

  enum NormalizationWord: String, ParameterWord {
    case measured
    case cifar10
    case cifar100
    case imagenetSubset = "imagenet-subset"

    var summary: String {
      switch self {
      case .measured: "those of the training set"
      case .cifar10: "the published constants for CIFAR-10"
      case .cifar100: "the published constants for CIFAR-100"
      case .imagenetSubset: "the published constants for the subset of ImageNet"
      }
    }

    func constants(for images: ImageSet) -> Normalization {
      switch self {
      case .measured: Normalization(measuredFrom: images)
      case .cifar10: .cifar10
      case .cifar100: .cifar100
      case .imagenetSubset: .imagenetSubset
      }
    }
  }
}

extension ResidualNetworkConfiguration.Stem: ParameterWord {
  public var summary: String {
    switch self {
    case .maxPooling: "3x3 convolution, 3x3 max-pooling of stride 2 (published for CIFAR-10)"
    case .plain: "3x3 convolution (published for CIFAR-100, and for D-ST)"
    case .strided: "3x3 convolution of stride 2: as fast as with max-pooling"
    case .large: "7x7 convolution of stride 2, max-pooling: for large images"
    }
  }
}
