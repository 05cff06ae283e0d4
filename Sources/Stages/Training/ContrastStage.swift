import Defenses
import Images
import Networks
import Pipelines
import Reports

/// Learns features from scratch by contrast (D-ST, first stage; method 5.1 to 5.4): two random views of
/// every image, of which a loss draws some together.
///
/// All images take part, whatever they are taken for. Where none is named clean, `ss-ctl` is the same as
/// `ctl`; a class of which none is named clean is learned from single images alone; none uncertain or
/// none poisoned changes nothing else. Each comes with a warning.
///
/// Output: see `EncoderArtifact`.
enum ContrastStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one, "The training set; its labels are taken as given.")
  static let split = InputDeclaration(
    "split", .split, .verdict, count: .one, "Which samples are named clean.")

  static let loss = Parameter<ContrastiveKind>.choice(
    "loss", default: .semiSupervised, "Which images are drawn together.")
  static let positives = Parameter<PositivePairs>.choice(
    "positives", default: .paper, "With `loss = ss-ctl`: what an image named clean is drawn to.")
  static let temperature = Parameter.real(
    "temperature", in: 0.001...100, default: 0.1, "What similarities are divided by.")
  static let baseTemperature = Parameter.real(
    "base-temperature", in: 0.001...100, default: 0.07,
    "The loss is multiplied by `temperature` over this.")
  static let network = ArchitectureParameters(stem: .plain)
  static let epochs = Parameter.integer(
    "epochs", in: 1...100_000, default: 200, unit: "epochs", "How long to train.")
  static let batch = Parameter.integer(
    "batch", in: 1...8192, default: 512, unit: "images", "Images in a step, each in two views.")
  static let learningRate = Parameter.real(
    "learning-rate", in: 1e-12...1000, default: 0.5,
    "The rate of stochastic gradient descent that half a cosine falls from.")
  static let floor = Parameter.share(
    "floor", in: 0...1, default: 0.001, "Where the rate ends, as a share of `learning-rate`.")
  static let warmup = Parameter.integer(
    "warmup", in: 0...100_000, default: 10, unit: "epochs",
    "How long the rate rises from `warmup-rate` to the cosine, step by step.")
  static let warmupRate = Parameter.real(
    "warmup-rate", in: 0...1000, default: 0.01, "The rate of the first step, with a warm-up.")
  static let momentum = Parameter.real(
    "momentum", in: 0...0.9999, default: 0.9, "Momentum of the descent.")
  static let weightDecay = Parameter.real(
    "weight-decay", in: 0...1, default: 1e-4, "Decay of all weights.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Initial weights, order and views.")

  static let declaration = StageDeclaration(
    kind: "contrast", version: 3,
    summary: "Learns features from scratch by contrast: SS-CTL, S-CTL or CTL (D-ST, first stage).",
    inputs: [images, split],
    parameters: [
      loss.declaration, positives.declaration, temperature.declaration,
      baseTemperature.declaration,
    ] + network.declarations + [
      epochs.declaration, batch.declaration, learningRate.declaration, floor.declaration, warmup.declaration, warmupRate.declaration,
      momentum.declaration, weightDecay.declaration, seed.declaration, WithoutPoison.parameter.declaration,
    ],
    output: .encoder)

  static func problems(with parameters: [String: ParameterValue]) -> [String] {
    network.problems(with: parameters)
      + (warmup.value(in: parameters) > epochs.value(in: parameters)
        ? ["the warm-up is longer than the training: 'warmup' is more than 'epochs'"] : [])
  }

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let sizes = try SplitSizes(NamedSamples(context.open(split), in: context).split, of: images)
    describe(sizes, context)
    let normalization = try context[network.normalization].constants(for: images)
    let seed = seed(seed, in: context)
    let rate = context[learningRate]
    let groups = ContrastiveGroups(
      context[loss], positives: context[positives], labels: images.labels,
      flags: sizes.split.flags)
    let pass = TrainingPass(
      parts: [
        TrainingPart(
          name: "contrastive",
          samples: TrainingSamples(
            assembler: BatchAssembler(images: images, normalization: normalization),
            augmentation: .contrastive, views: 2),
          batch: context[batch],
          objective: ContrastiveObjective(
            ContrastiveLoss(
              temperature: context[temperature], baseTemperature: context[baseTemperature]),
            groups: groups))
      ],
      schedule: .warmedCosine(
        peak: rate, floor: rate * context[floor], epochs: context[epochs],
        warmup: context[warmup], start: context[warmupRate]))
    let description = network.description(for: images, in: context)
    let (plan, capacity) = (description.contrastivePlan, pass.largestBatch)
    try MemoryGuard.require(
      plan, of: description, capacity: capacity, trainingAt: [.embeddings], comparesPairs: true)
    let encoder = Network(plan, capacity: capacity, context: ExecutionContext(pool: context.pool))
    encoder.initialize(seed: seed)
    let loop = TrainingLoop(
      network: encoder, passes: [pass], epochs: context[epochs],
      step: GradientStep(
        StochasticGradientDescent(
          momentum: context[momentum], weightDecay: context[weightDecay])),
      seed: seed)
    try CheckpointedTraining.run(loop, in: context, imageName: "views")
    try EncoderArtifact(
      description: description, network: encoder, normalization: normalization,
      epochsTrained: context[epochs]
    ).write(to: context.output, history: loop.state.history)
  }

  /// Tells the sizes, and warns of sets that are missing.
  private static func describe(_ sizes: SplitSizes, _ context: StageContext) {
    guard context[loss] == .semiSupervised else { return }
    context.note("\(sizes.images.count) images: \(sizes.text)")
    guard sizes.count(.clean) > 0 else {
      context.warn(
        "no image is named clean (\(sizes.text)): no label counts, and 'ss-ctl' is the same as 'ctl'")
      return
    }
    let missing = sizes.classesWithoutClean
    if !missing.isEmpty {
      context.warn(
        "no image of \(missing.listed(more: "more classes")) is named clean (\(sizes.text)): nothing draws "
          + "such images together")
    }
    if sizes.count(.poisoned) == 0 {
      context.warn("no image is named poisoned (\(sizes.text)): poisoned ones may be among the clean")
    }
    if sizes.count(.uncertain) == 0 {
      context.warn("no image is uncertain (\(sizes.text)): every error of the split counts")
    }
  }
}

extension ContrastiveKind: ParameterWord {
  package var summary: String {
    switch self {
    case .unsupervised: "the two views of an image (SimCLR)"
    case .supervised: "all images of the same given label (SupCon)"
    case .semiSupervised: "views of an image; of images named clean, all of the same given label (D-ST)"
    }
  }
}

extension PositivePairs: ParameterWord {
  package var summary: String {
    switch self {
    case .paper: "images of its label that are named clean too (Eq. 2 of the paper)"
    case .code: "all images of its label, poisoned ones as well, though not they to it (authors' code)"
    }
  }
}
