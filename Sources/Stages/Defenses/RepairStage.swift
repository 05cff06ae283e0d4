import Attacks
import Defenses
import HDF5
import Images
import Networks
import Pipelines
import Reports

/// Takes the backdoor out of a model (D-BR): unlearns the samples named poisoned, relearns those named
/// clean (method 6). Keeps the last round.
///
/// With test sets, every round's metrics are recorded; nothing is decided by them. Where a verdict names no
/// image poisoned, the model is passed on as it is, or refused.
///
/// Output: see `ModelArtifact`.
enum RepairStage: Stage {
  static let images = InputDeclaration("images", .images, .poisonedImages, count: .one, "The training set.")
  static let model = InputDeclaration("model", .model, count: .one, "The model with the backdoor.")
  static let split = InputDeclaration(
    "split", .split, .verdict, count: .one,
    "Which samples are named clean and poisoned.")
  static let test = InputDeclaration(
    "test", .images, count: .optional, "Clean test images, to record every round's accuracy.")
  static let triggered = InputDeclaration(
    "triggered", .triggeredImages, count: .optional,
    "The same test images with the trigger, to record every round's attack success.")

  static let training = TrainingParameters(
    epochs: 20, epochName: "rounds", learningRate: 1e-4, schedule: .constant, augment: .cropFlip)
  static let order = Parameter<RepairRecipe.Order>.choice(
    "order", default: .alternate, "How unlearning and relearning follow each other.")
  static let ascent = Parameter<Ascent>.choice(
    "ascent", default: .unbounded, "How far unlearning goes.")
  static let bound = Parameter.real(
    "bound", in: 0.01...1000, default: 1.5,
    "With `ascent = bounded`: a poisoned sample is left alone once its cross-entropy exceeds this "
      + "many times that of guessing, ln(classes).")
  static let weight = Parameter.real(
    "unlearn-weight", in: 0...1000, default: 1, "Factor of the unlearning loss.")
  static let poisonedBatch = Parameter<Int?>.optionalInteger(
    "poisoned-batch", in: 1...65_536, absent: "the same as `batch`", unit: "images",
    "Poisoned images in a step.")
  static let unlearnAugment = Parameter<Augmentation>.choice(
    "unlearn-augment", default: .cropFlip,
    "How the poisoned images are varied. A crop may cut the trigger off, and then unlearning hits the "
      + "target class instead.")
  static let relearn = Parameter<RelearnOrder>.choice(
    "relearn", default: .shuffled, "How the clean samples come up.")
  static let unlearnStatistics = Parameter<UnlearnStatistics>.choice(
    "unlearn-statistics", default: .follow,
    "With `order = alternate` or `unlearn`: what batch normalisation's running statistics do in the walks "
      + "over poisoned samples alone.")

  static let declaration = StageDeclaration(
    kind: "repair", version: 4,
    summary: "Removes a model's backdoor: unlearns the poisoned samples, relearns the clean ones.",
    inputs: [images, model, split, test, triggered],
    parameters: training.declarations + [
      order.declaration, ascent.declaration, bound.declaration, weight.declaration,
      poisonedBatch.declaration, unlearnAugment.declaration, relearn.declaration,
      unlearnStatistics.declaration, WithoutPoison.parameter.declaration,
    ],
    output: .model)

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let named = try NamedSamples(context.open(split), in: context)
    let split = named.split
    guard split.flags.count == images.count else {
      throw ArtifactError.differentCounts("flags", split.flags.count, "images", images.count)
    }
    if named.hasNoPoison { return try passThrough(context) }
    let (clean, poisoned) = (split.indices(of: .clean), split.indices(of: .poisoned))
    guard !clean.isEmpty || !context[order].usesClean else { throw ArtifactError.emptySet("clean", of: "relearn") }
    guard !poisoned.isEmpty || !context[order].usesPoisoned else { throw ArtifactError.emptySet("poisoned", of: "unlearn") }

    let missing = try SplitSizes(split, of: images).classesWithoutClean
    if context[order].usesClean, !missing.isEmpty {
      context.warn(
        "no image of \(missing.listed(more: "more classes")) is named clean: the repair may forget such a class")
    }
    let recipe = RepairRecipe(
      order: context[order],
      bound: context[ascent] == .bounded ? context[bound] : .infinity,
      unlearningWeight: context[weight], batch: context[training.batch],
      poisonedBatch: context[poisonedBatch] ?? context[training.batch],
      schedule: training.schedule(in: context), augmentation: context[training.augment],
      unlearningAugmentation: context[unlearnAugment], cleanOrder: context[relearn].order,
      unlearningMode: context[unlearnStatistics] == .follow ? .training : .trainingWithFixedStatistics)
    let start = try ModelArtifact.read(
      context.open(model), capacity: context[training.batch] + recipe.poisonedBatch,
      context: ExecutionContext(pool: context.pool), trainingAt: [.logits])
    start.network.parameters.forEach { $0.clearState() }
    let passes = recipe.passes(
      assembler: try start.assembler(for: images), clean: clean, poisoned: poisoned)
    try training.train(
      start, passes, in: context, seed: seed(training.seed, in: context), unit: "round", countsEpochs: false,
      figures: figures(of: start, context))
  }

  /// The model as it is.
  private static func passThrough(_ context: StageContext) throws {
    context.leaveWorkOut()
    context.note("no image is named poisoned, so there is nothing to unlearn: the model is passed on as it is")
    let model = try ModelArtifact.read(
      context.open(model), capacity: 1, context: ExecutionContext(pool: context.pool))
    try model.write(to: context.output, history: nil)
  }

  private static func figures(
    of model: ModelArtifact, _ context: StageContext
  ) throws -> CheckpointedTraining.Figures? {
    guard let sets = try TestSets(images: test, triggered: triggered, of: context, model: model)
    else { return nil }
    return {
      let (clean, triggered) = try sets.predictions(of: model.network)
      return ModelMetrics(clean: clean, triggered: triggered, classCount: sets.classNames.count)
        .values.map { ($0.metric.name, $0.value) }
    }
  }

  enum Ascent: String, ParameterWord {
    case unbounded, bounded

    var summary: String {
      switch self {
      case .unbounded: "without end (published)"
      case .bounded: "until the sample's cross-entropy reaches `bound`"
      }
    }
  }

  enum UnlearnStatistics: String, ParameterWord {
    case follow, keep

    var summary: String {
      switch self {
      case .follow: "they follow the poisoned batches (published)"
      case .keep: "they stay"
      }
    }
  }

  enum RelearnOrder: String, ParameterWord {
    case shuffled, balanced

    var order: TrainingSamples.Order { self == .shuffled ? .shuffled : .balanced }

    var summary: String {
      switch self {
      case .shuffled: "each once in a round (published)"
      case .balanced: "equally many of each given class"
      }
    }
  }
}

extension RepairRecipe.Order: ParameterWord {
  package var summary: String {
    switch self {
    case .alternate: "all poisoned samples, then all clean ones (published)"
    case .joint: "some of both in every step"
    case .unlearn: "unlearning alone"
    case .relearn: "relearning alone"
    }
  }
}
