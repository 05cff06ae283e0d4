import Detection
import HDF5
import Images
import Networks
import Pipelines
import Reports

/// Trains the check network: from scratch, on a base without suspects (see `CheckRecipe`), and tells what it
/// takes every image for.
///
/// Where an earlier verdict says poisoned, nothing was trained to get the scores, or there is no base, nothing is
/// trained.
///
/// Output: see `CheckArtifact`, and `ModelArtifact` for the network.
enum CheckStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, .controlledImages, count: .one,
    "The training set; its labels are taken as given.")
  static let model = InputDeclaration(
    "model", .model, count: .one, "Whose architecture and normalisation the network has.")
  static let scores = InputDeclaration(
    "scores", .scores, count: .many,
    "Rounds of confusion training: the first one for its base or its scores, all for their probabilities; with "
      + "`base = spared` the first, of whatever kind, for its scores alone.")
  static let earlier = InputDeclaration(
    "earlier", .verdict, count: .optional,
    "Where this verdict says poisoned, nothing is trained; with `base = spared`, which classes have a group that keeps "
      + "its label.")

  static let base = Parameter<Base>.choice("base", default: .round, "On which images it is trained.")
  static let share = Parameter.share(
    "share", in: 0.01...1, default: 0.7, "With `base = rank`: the share of the lowest scores.")
  static let below = Parameter.share(
    "below", in: 0.001...1, default: 0.3,
    "With `base = forgotten` and `spared`: in all rounds, the given label is less probable than this.")
  static let most = Parameter.share(
    "most", in: 0.01...1, default: 0.4,
    "With `base = spared`: of a class with a group that keeps its label no more than this share, of the lowest scores.")
  static let classShare = Parameter.share(
    "class-share", in: 0...1, default: 0.1,
    "Of each class, this share at the least is of the base, of the lowest scores.")
  static let steps = Parameter.integer(
    "steps", in: 1...1_000_000, default: 450, unit: "steps",
    "How long to train " + TrainingSteps.rule)
  static let batch = Parameter.integer(
    "batch", in: 1...65_536, default: 64, unit: "images", "Images in a step.")
  static let learningRate = Parameter.real(
    "learning-rate", in: 1e-12...1000, default: 0.1, "The peak of the rate, which goes through one cycle.")
  static let rise = Parameter.share(
    "rise", in: 0.01...0.99, default: 0.25, "The share of all steps in which it rises.")
  static let reach = Parameter.integer(
    "reach", in: 0...16, default: 4, unit: "pixels",
    "How far images are shifted at most, around the edge, in images of 32 pixels; half are mirrored.")
  static let momentum = Parameter.real(
    "momentum", in: 0...0.9999, default: 0.9, "Nesterov's momentum of the descent.")
  static let weightDecay = Parameter.real(
    "weight-decay", in: 0...1, default: 5e-4, "Decay of all weights.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Initial weights, order and views.")
  static let stream = Parameter.integer(
    "stream", in: 0...1000, default: 0,
    "Networks of the same seed and different streams are independent of each other.")

  static let declaration = StageDeclaration(
    kind: "check", version: 4,
    summary: "Trains a network on what is above suspicion, and tells what it takes every image for.",
    inputs: [images, model, scores, earlier],
    parameters: [
      base.declaration, share.declaration, below.declaration, most.declaration, classShare.declaration,
      steps.declaration, batch.declaration, learningRate.declaration, rise.declaration, reach.declaration,
      momentum.declaration, weightDecay.declaration, seed.declaration, stream.declaration,
    ], output: .check)

  static func needs(with parameters: [String: ParameterValue]) -> [InputNeed] {
    let base = base.value(in: parameters)
    return base == .spared ? [InputNeed(earlier, with: Self.base.name, base.rawValue)] : []
  }

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let rounds = try context.openAll(scores).map(\.file)
    let known = try context.openIfGiven(earlier).map { try VerdictArtifact($0).verdict }
    let suspects = try context[base] == .spared ? suspects(by: known) : []
    var outcome: RoundOutcome =
      if known?.state == .poisoned {
        .settled
      } else if context[base] == .spared && suspects.isEmpty {
        .noGroup
      } else {
        try rounds.first.map { try RoundOutcome(of: $0) } ?? .noBase
      }
    let randomSeed = seed(seed, in: context, stream: context[stream])
    let isBase = try outcome == .trained ? members(rounds, images, sparing: suspects, seed: randomSeed, context) : []
    let indices = isBase.indices.filter { isBase[$0] }
    if outcome == .trained && indices.isEmpty { outcome = .noBase }
    guard outcome == .trained else {
      context.note(outcome.note)
      context.leaveWorkOut()
      return try CheckArtifact.writeNothing(outcome, to: context.output)
    }
    let (model, history) = try train(images, indices, seed: randomSeed, context)
    let check = try CheckArtifact(of: model, over: images, isBase: isBase) {
      try context.step($0, of: images.count, "images")
    }
    try model.write(to: context.output, history: history)
    try check.write(to: context.output)
    context.note(
      "trained on \(indices.count) of \(images.count) images; of those it takes "
        + "\(NumberFormat.percent(check.baseKnowledge(images.labels).accuracy)) for what they are labelled")
  }

  private static func suspects(by verdict: Verdict?) throws -> [Int] {
    guard let verdict else { throw ArtifactError.missingInput("earlier", for: "'base = spared'") }
    return verdict.suspectClasses
  }

  private static func members(
    _ rounds: [HDF5.File], _ images: ImageSet, sparing suspects: [Int], seed: UInt64, _ context: StageContext
  ) throws -> [Bool] {
    let values = try rounds.first.map { try ScoresArtifact.readValues($0) } ?? []
    guard values.count == images.count else {
      throw ArtifactError.differentCounts("scores", values.count, "labels", images.count)
    }
    let probable = context[base] == .spared ? rounds.dropFirst() : rounds[...]
    var isBase: [Bool]
    switch context[base] {
    case .round:
      isBase = try rounds.prefix(1).flatMap {
        try ScoresArtifact.readColumn(ConfusionInput.baseName, $0).map { $0 > 0 }
      }
    case .rank: isBase = ConfusionBase.lowest(context[share], scores: values, seed: seed)
    case .forgotten, .spared:
      isBase = try probable.map {
        ConfusionBase.below(
          context[below], probabilities: try ScoresArtifact.readColumn(LabelFit.probabilityName, $0))
      }.reduce([Bool](repeating: true, count: images.count)) { found, round in
        guard found.count == round.count else {
          throw ArtifactError.differentCounts("scores", round.count, "labels", images.count)
        }
        return zip(found, round).map { $0 && $1 }
      }
    }
    guard isBase.count == images.count else {
      throw ArtifactError.differentCounts("scores", isBase.count, "labels", images.count)
    }
    if !suspects.isEmpty {
      isBase = ConfusionBase.withFew(
        context[most], of: suspects, isBase, scores: values, labels: images.labels, seed: seed)
    }
    return ConfusionBase.withEachClass(
      context[classShare], isBase, scores: values, labels: images.labels, seed: seed)
  }

  private static func train(
    _ images: ImageSet, _ base: [Int], seed: UInt64, _ context: StageContext
  ) throws -> (ModelArtifact, TrainingHistory) {
    let recipe = CheckRecipe(
      steps: TrainingSteps.scaled(context[steps], images: images.count), batch: context[batch],
      learningRate: context[learningRate], rise: context[rise], reach: context[reach])
    let stored = try StoredModel(context.open(model))
    let plan = stored.description.plan
    try MemoryGuard.require(plan, of: stored.description, capacity: recipe.batch, trainingAt: [.logits])
    let network = Network(plan, capacity: recipe.batch, context: ExecutionContext(pool: context.pool))
    network.initialize(seed: seed)
    let model = ModelArtifact(
      description: stored.description, network: network, normalization: stored.normalization, epochsTrained: 0)
    let loop = TrainingLoop(
      network: network, passes: [recipe.pass(over: try model.assembler(for: images), base: base)],
      epochs: CheckRecipe.sections,
      step: GradientStep(
        StochasticGradientDescent(
          momentum: context[momentum], weightDecay: context[weightDecay], isNesterov: true)),
      seed: seed)
    try CheckpointedTraining.run(loop, in: context, unit: "tenth")
    return (model, loop.state.history)
  }

  enum Base: String, ParameterWord {
    case round, rank, forgotten, spared

    var summary: String {
      switch self {
      case .round: "the base of the round"
      case .rank: "those with the lowest scores of the round"
      case .forgotten: "those whose label no round has kept"
      case .spared: "as `forgotten`, but of classes with a group that keeps its label those with the lowest scores"
      }
    }
  }
}
