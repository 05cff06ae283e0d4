import Detection
import Images
import Networks
import Pipelines

/// Trains a network on the given labels, from scratch or from another model on: the warm-up, and the model
/// to be repaired.
///
/// Output: see `ModelArtifact`.
enum TrainStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, .controlledImages, count: .one,
    "The training set; its labels are taken as given. Of one with controls nothing but a verdict should be made.")
  static let split = InputDeclaration(
    "split", .split, .verdict, count: .optional, "Trains on the images alone that it names clean.")
  static let start = InputDeclaration(
    "start", .model, count: .optional,
    "Goes on with the weights, the architecture and the normalisation of this model; the momentum and "
      + "the schedule begin anew.")
  static let network = ArchitectureParameters()
  static let training = TrainingParameters(
    epochs: 2, learningRate: 0.01, schedule: .constant, augment: .none, nesterov: false)
  static let loss = Parameter<Loss>.choice("loss", default: .crossEntropy, "What is learned.")
  static let threshold = Parameter.real(
    "threshold", in: 0...1000, default: 0.5,
    "With `loss = abl`: the mean cross-entropy that every batch is brought to (gamma).")

  static let leastSteps = Parameter.integer(
    "least-steps", in: 0...100_000_000, default: 0, unit: "steps",
    "Where the epochs have fewer steps in all, there are more epochs, up to 25 times as many: small sets need them.")

  static let stream = Parameter.integer(
    "stream", in: 0...1000, default: 0,
    "Models of the same seed and different streams are independent: of a warm-up and the model to be "
      + "repaired, say, initial weights and order.")

  static let declaration = StageDeclaration(
    kind: "train", version: 5, summary: "Trains a network on the given labels.",
    inputs: [images, split, start], parameters: network.declarations + training.declarations + [
      leastSteps.declaration, stream.declaration, loss.declaration, threshold.declaration,
    ],
    output: .model)

  static func problems(with parameters: [String: ParameterValue]) -> [String] {
    network.problems(with: parameters)
  }

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let indices = try context.openIfGiven(split).map {
      try SplitSizes(SplitArtifact($0).split, of: images)
    }?.split.indices(of: .clean)
    if let indices, indices.isEmpty { throw ArtifactError.emptySet("clean", of: "learn") }
    let capacity = min(context[training.batch], indices?.count ?? images.count)
    let model = try model(for: images, capacity: capacity, context)
    let (count, batch) = (indices?.count ?? images.count, context[training.batch])
    let stepsOfEpoch = max(1, (count + batch - 1) / batch)
    // A handful of images is learned long before.
    let epochs = min(
      max(context[training.epochs], (context[leastSteps] + stepsOfEpoch - 1) / stepsOfEpoch),
      25 * context[training.epochs])
    let pass = TrainingPass(
      parts: [
        TrainingPart(
          name: "training",
          samples: TrainingSamples(
            assembler: try model.assembler(for: images), indices: indices,
            augmentation: context[training.augment]),
          batch: context[training.batch], objective: objective(context))
      ], schedule: training.schedule(in: context, epochs: epochs))
    try training.train(model, [pass], in: context, seed: randomSeed(context), epochs: epochs)
  }

  private static func objective(_ context: StageContext) -> any Objective {
    switch context[loss] {
    case .crossEntropy: CrossEntropyObjective()
    case .gradientAscent: GradientAscentObjective(threshold: context[threshold])
    }
  }

  private static func randomSeed(_ context: StageContext) -> UInt64 {
    seed(training.seed, in: context, stream: context[stream])
  }

  private static func model(
    for images: ImageSet, capacity: Int, _ context: StageContext
  ) throws -> ModelArtifact {
    let execution = ExecutionContext(pool: context.pool)
    if let file = try context.openIfGiven(start) {
      let model = try ModelArtifact.read(
        file, capacity: capacity, context: execution, trainingAt: [.logits])
      model.network.parameters.forEach { $0.clearState() }
      return model
    }
    let description = network.description(for: images, in: context)
    let plan = description.plan
    try MemoryGuard.require(plan, of: description, capacity: capacity, trainingAt: [.logits])
    let network = Network(plan, capacity: capacity, context: execution)
    network.initialize(seed: randomSeed(context))
    return ModelArtifact(
      description: description, network: network,
      normalization: try context[self.network.normalization].constants(for: images), epochsTrained: 0,
      classNames: images.classNames)
  }

  enum Loss: String, ParameterWord {
    case crossEntropy = "cross-entropy"
    case gradientAscent = "abl"

    var summary: String {
      switch self {
      case .crossEntropy: "the given labels"
      case .gradientAscent:
        "the same, but batches below `threshold` climb: local gradient ascent, or flooding, which is the "
          + "same step (ABL, first phase)"
      }
    }
  }
}
