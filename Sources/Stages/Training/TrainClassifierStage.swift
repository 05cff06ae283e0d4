import Compute
import Images
import Networks
import Pipelines
import Reports

/// Trains a linear classifier on the features of a frozen encoder (D-ST, second stage; method 5.5).
///
/// With `mixed`, where none is named poisoned, or none of a batch, there is no ascent; a class of which
/// none is named clean is one that the classifier hardly ever names. Each comes with a warning. Where
/// none is named clean there is nothing to learn: an error.
///
/// Output: see `ModelArtifact`; encoder and classifier are one network.
enum TrainClassifierStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one, "The training set; its labels are taken as given.")
  static let split = InputDeclaration(
    "split", .split, .verdict, count: .one, "Which samples are named clean and poisoned.")
  static let encoder = InputDeclaration("encoder", .encoder, count: .one, "Where the features come from.")

  static let loss = Parameter<Loss>.choice("loss", default: .mixed, "What is learned from which images.")
  static let lambda = Parameter.real(
    "lambda", in: 0...1000, default: 0.001,
    "With `loss = mixed`: factor of the cross-entropy of images named poisoned, which is to rise.")
  static let features = Parameter<Features>.choice(
    "features", default: .normalized, "What the classifier sees.")
  static let training = TrainingParameters(
    epochs: 30, learningRate: 5, schedule: .cosine, batch: 512, weightDecay: 0, augment: .contrastive)

  static let declaration = StageDeclaration(
    kind: "train-classifier", version: 4,
    summary: "Trains a classifier on the features of a frozen encoder (D-ST, second stage).",
    inputs: [images, split, encoder],
    parameters: [loss.declaration, lambda.declaration, features.declaration] + training.declarations
      + [WithoutPoison.parameter.declaration],
    output: .model)

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let sizes = try SplitSizes(NamedSamples(context.open(split), in: context).split, of: images)
    let indices = try trained(sizes, context)
    var start = try EncoderArtifact.readEncoder(
      context.open(encoder), capacity: min(context[training.batch], indices.count),
      context: ExecutionContext(pool: context.pool))
    start.classNames = images.classNames
    let (network, assembler) = (start.network, try start.assembler(for: images))
    let classifier = network.parameters.filter { start.description.isInClassifier($0.name) }
    let randomSeed = seed(training.seed, in: context)
    initialize(classifier, seed: randomSeed)
    var scale: Float = 1
    if context[features] == .normalized {
      scale = try unitScale(of: network, over: indices, of: assembler, context)
      context.note("mean length of the features: \(NumberFormat.significant(1 / Double(scale)))")
    }
    network.setScale(ModelDescription.featureScale, to: scale)
    let pass = TrainingPass(
      parts: [
        TrainingPart(
          name: "classifier",
          samples: TrainingSamples(
            assembler: assembler, indices: indices, augmentation: context[training.augment]),
          batch: context[training.batch], objective: objective(sizes, context))
      ], schedule: training.schedule(in: context), mode: .evaluation)
    try training.train(
      start, [pass], in: context, seed: randomSeed, countsEpochs: false,
      finish: {
        // The scale goes into the weights: the result is a network like any other.
        for parameter in network.parameters { parameter.clearState() }
        for weight in classifier where weight.storedShape.count == 2 {
          for index in 0..<weight.count { weight.values.pointer[index] *= scale }
        }
      })
  }

  private static func objective(_ sizes: SplitSizes, _ context: StageContext) -> any Objective {
    switch context[loss] {
    case .mixed:
      MixedCrossEntropyObjective(
        MixedCrossEntropy(poisonedWeight: context[lambda]),
        isPoisoned: sizes.split.flags.map { $0 == .poisoned })
    case .crossEntropy: CrossEntropyObjective()
    case .symmetric: SymmetricCrossEntropyObjective()
    }
  }

  /// PyTorch's initial distribution.
  private static func initialize(_ classifier: [NetworkParameter], seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: RandomPurpose("classifier"))
    for parameter in classifier { parameter.initialize(from: &stream) }
  }

  /// What features have to be multiplied by for their mean length to be 1; 1 if they are all zero.
  private static func unitScale(
    of network: Network, over indices: [Int], of assembler: BatchAssembler, _ context: StageContext
  ) throws -> Float {
    let length = network.output(.features).length
    var sum = 0.0
    try Inference.run(network, over: indices, of: assembler) { range, features, _ in
      for row in 0..<range.count {
        var square = 0.0
        for j in 0..<length {
          let value = Double(features[row * length + j])
          square += value * value
        }
        sum += square.squareRoot()
      }
      if context.shouldStop { throw StageInterrupted() }
    }
    return sum > 0 ? Float(Double(indices.count) / sum) : 1
  }

  /// The images that take part; warns of sets that are missing.
  private static func trained(_ sizes: SplitSizes, _ context: StageContext) throws -> [Int] {
    guard context[loss] == .mixed else { return Array(sizes.images.labels.indices) }
    guard sizes.count(.clean) > 0 else { throw ArtifactError.emptySet("clean", of: "learn") }
    let missing = sizes.classesWithoutClean
    if !missing.isEmpty {
      context.warn(
        "no image of \(missing.listed(more: "more classes")) is named clean (\(sizes.text)): the classifier "
          + "will hardly ever name such a class")
    }
    if sizes.count(.poisoned) == 0 {
      context.warn("no image is named poisoned (\(sizes.text)): 'lambda' has no effect")
    }
    return sizes.images.labels.indices.filter { sizes.split.flags[$0] != .uncertain }
  }

  enum Loss: String, ParameterWord {
    case mixed
    case crossEntropy = "cross-entropy"
    case symmetric = "symmetric"

    var summary: String {
      switch self {
      case .mixed: "images named clean are learned, those named poisoned unlearned (MCE)"
      case .crossEntropy: "all images are learned with the labels given (the paper's baselines)"
      case .symmetric: "the same by the symmetric cross-entropy (DBD, second stage)"
      }
    }
  }

  enum Features: String, ParameterWord {
    case normalized, raw

    var summary: String {
      switch self {
      case .normalized: "the features over their mean length, so that one learning rate suits any encoder"
      case .raw: "the features as they are (published)"
      }
    }
  }
}
