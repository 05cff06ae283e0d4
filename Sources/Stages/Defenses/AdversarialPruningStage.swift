import Defenses
import HDF5
import Networks
import Pipelines
import Reports

/// Adversarial neuron pruning (ANP; method 7.2): learns how much each channel is needed under disturbance, and
/// prunes those that are needed least.
///
/// Which threshold prunes is decided by the clean images, or beforehand. The published rule looks for the least
/// attack success on the test set, which nobody has who needs the defence: `rule = test-asr`.
///
/// Published are 2,000 steps with batches drawn with replacement; here every image comes up once in an epoch,
/// and 500 epochs of 500 images are as many steps.
///
/// Output: see `ModelArtifact`, and
///
///     /masks/NAME     float32 [channels]   of each batch normalisation
///     /thresholds     float64 [tried], /pruned_counts int64 [tried], /accuracies float64 [tried]
///     attributes threshold, pruned_count, looked_at_test_set of the root
enum AdversarialPruningStage: Stage {
  static let test = InputDeclaration(
    "test", .images, count: .optional, "Clean test images, for `rule = test-asr` alone.")
  static let triggered = InputDeclaration(
    "triggered", .triggeredImages, count: .optional,
    "The same test images with the trigger, for `rule = test-asr` alone.")

  static let bound = Parameter.real(
    "bound", in: 0...10, default: 0.4, "How far channels are disturbed at random (epsilon).")
  static let attackSteps = Parameter.integer(
    "attack-steps", in: 1...1000, default: 1, "Steps against the loss, which go as far again in all.")
  static let cleanWeight = Parameter.share(
    "clean-weight", in: 0...1, default: 0.2, "Share of the loss without disturbance in the whole (alpha).")
  static let rule = Parameter<Rule>.choice(
    "rule", default: .cleanAccuracy, "How the threshold is chosen, up to which masks are pruned.")
  static let threshold = Parameter.real(
    "threshold", in: 0...1, default: 0.2, "With `rule = fixed`: channels with a mask up to this are pruned.")
  static let tolerance = Parameter.share(
    "tolerance", in: 0...1, default: 0.1,
    "With the other rules: how much of the accuracy a pruning may cost, as a share of it.")
  static let training = TrainingParameters(
    epochs: 500, learningRate: 0.2, schedule: .constant, weightDecay: 0, augment: .cropFlip)

  static let declaration = StageDeclaration(
    kind: "anp", version: 1,
    summary: "Prunes a model's channels by masks that are learned under disturbance (ANP).",
    inputs: [CleanSample.images, CleanSample.model, test, triggered],
    parameters: [
      bound.declaration, attackSteps.declaration, cleanWeight.declaration, rule.declaration,
      threshold.declaration, tolerance.declaration,
    ] + training.declarations.filter { $0.name != training.weightDecay.name },
    output: .model)

  static func run(_ context: StageContext) throws {
    let sample = try CleanSample(context, batch: context[training.batch])
    let network = sample.model.network
    let step = AdversarialPruningStep(
      AdversarialPruningStep.Settings(
        bound: context[bound], steps: context[attackSteps], cleanWeight: context[cleanWeight],
        momentum: context[training.momentum]))
    try training.train(
      sample.model,
      [
        sample.pass(
          "masks", training, context, mode: .trainingWithFixedStatistics,
          further: AdversarialPruningStep.furtherMeasures)
      ], in: context, seed: seed(training.seed, in: context), countsEpochs: false, step: step,
      finish: {
        let trials = try trials(of: step.masks, sample, context)
        let chosen = try choose(trials, sample, context)
        if let chosen { step.masks.prune(network, at: chosen.threshold) }
        try write(step.masks, trials, chosen: chosen?.threshold, context)
      })
  }

  /// What each threshold does to the accuracy, and with the published rule to the attack.
  private static func trials(
    of masks: ChannelMasks, _ sample: CleanSample, _ context: StageContext
  ) throws -> [PruningRule.Trial] {
    let network = sample.model.network
    let scales = network.normalizations.map(\.scale.values.array)
    let sets = context[rule] == .testAttackSuccess ? try testSets(sample.model, context) : nil
    let thresholds = context[rule] == .fixed ? [context[threshold]] : ChannelMasks.thresholds
    return try thresholds.map { threshold in
      masks.prune(network, at: threshold)
      defer {
        for (normalization, values) in zip(network.normalizations, scales) {
          _ = normalization.scale.values.elements.update(fromContentsOf: values)
        }
      }
      return try measure(threshold, sets, sample, context)
    }
  }

  private static func measure(
    _ threshold: Double, _ sets: TestSets?, _ sample: CleanSample, _ context: StageContext
  ) throws -> PruningRule.Trial {
    guard let sets else {
      return PruningRule.Trial(
        threshold: threshold, accuracy: try sample.accuracy(of: sample.model.network, context))
    }
    let (clean, triggered) = try sets.predictions(of: sample.model.network) { _ in
      if context.shouldStop { throw StageInterrupted() }
    }
    let metrics = ModelMetrics(clean: clean, triggered: triggered, classCount: sets.classNames.count)
    func value(_ metric: MetricDeclaration) -> Double? {
      metrics.values.first { $0.metric == metric }?.value
    }
    return PruningRule.Trial(
      threshold: threshold, accuracy: value(.accuracy) ?? 0, attackSuccess: value(.attackSuccess))
  }

  private static func testSets(_ model: ModelArtifact, _ context: StageContext) throws -> TestSets {
    guard !(try context.openAll(triggered).isEmpty),
      let sets = try TestSets(images: test, triggered: triggered, of: context, model: model)
    else { throw ArtifactError.emptySet("test", of: "choose a threshold by: connect 'test' and 'triggered'") }
    return sets
  }

  private static func choose(
    _ trials: [PruningRule.Trial], _ sample: CleanSample, _ context: StageContext
  ) throws -> PruningRule.Trial? {
    let tolerance = context[tolerance]
    let chosen: PruningRule.Trial?
    switch context[rule] {
    case .fixed: chosen = trials.first
    case .cleanAccuracy:
      let before = try sample.accuracy(of: sample.model.network, context)
      chosen = PruningRule.largest(of: trials, accuracy: before, tolerance: tolerance)
    case .testAttackSuccess:
      let before = try measure(-1, testSets(sample.model, context), sample, context).accuracy
      chosen = PruningRule.leastAttackSuccess(of: trials, accuracy: before, tolerance: tolerance)
      context.warn(
        "the threshold was chosen by the attack's success on the test set ('rule = test-asr'): the ASR of this "
          + "model is no measure of the defence, which would not know the trigger")
    }
    if chosen == nil {
      context.warn(
        "every threshold costs more than \(NumberFormat.percent(tolerance)) of the accuracy: nothing is pruned")
    }
    return chosen
  }

  private static func write(
    _ masks: ChannelMasks, _ trials: [PruningRule.Trial], chosen: Double?, _ context: StageContext
  ) throws {
    let root = try context.output.root
    let group = try root.createGroup(
      "masks", attributes: ["axes": "channel", "meaning": "how much each channel is needed, from 0 to 1"])
    for (name, values) in zip(masks.names, masks.values) { try group.write(values, to: name) }
    let counts = trials.map { masks.prunedCount(at: $0.threshold) }
    try root.write(trials.map(\.threshold), to: "thresholds")
    try root.write(counts, to: "pruned_counts", attributes: ["axes": "threshold"])
    try root.write(
      trials.map(\.accuracy), to: "accuracies",
      attributes: [
        "axes": "threshold",
        "meaning": .string(
          context[rule] == .testAttackSuccess ? "on the test set" : "on the clean images"),
      ])
    let pruned = chosen.map { masks.prunedCount(at: $0) } ?? 0
    try root.setAttributes([
      "threshold": .double(chosen ?? -1), "pruned_count": .integer(pruned),
      "looked_at_test_set": .integer(context[rule] == .testAttackSuccess ? 1 : 0),
    ])
    if let chosen {
      context.note(
        "\(pruned) of \(masks.channelCount) channels pruned, with masks up to "
          + NumberFormat.significant(chosen))
    }
  }

  enum Rule: String, ParameterWord {
    case cleanAccuracy = "clean-accuracy"
    case fixed
    case testAttackSuccess = "test-asr"

    var summary: String {
      switch self {
      case .cleanAccuracy:
        "the largest of 0, 0.05, ... 0.9 that costs no more than `tolerance` of the accuracy on the clean images"
      case .fixed: "`threshold`"
      case .testAttackSuccess:
        "LOOKS AT THE TEST SET (published): of those within `tolerance` the one with the least attack success"
      }
    }
  }
}
