import Detection
import HDF5
import Images
import Networks
import Pipelines
import Reports

/// A round of confusion training: the model goes on learning the given labels while those of a base are drawn
/// at random; what is fitted after that is poison, or very easy (see `ConfusionRecipe`).
///
/// Each round starts from the same model and takes more of the set for its base.
///
/// Output: see `ScoresArtifact`, with
///
///     /probability   float64 [count]   the probability of the given label afterwards, as it would be among ten classes
///                                      where there are fewer (see `LabelFit.asAmongTen`)
///     /superimposed  float64 [count]   its mean when another image is added; with `select = rank`
///     /windowed      float64 [count]   the largest one of a window of the image over another; with `select = rank`
///     /base          float64 [count]   1 for images of the base, 0 for others
///     attributes base_count, trained of the root
///
/// The scores are those of `LabelFit.joined` with `select = rank`, and the probabilities otherwise. Where no image is
/// left for the base, or the check network was not trained, because a verdict had been reached, nothing is trained: the
/// mean probability of the earlier rounds is passed on.
enum ConfusionStage: ScoreStage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, .controlledImages, count: .one,
    "The training set; its labels are taken as given.")
  static let model = InputDeclaration(
    "model", .model, count: .one, "Where each round starts: a model trained on the given labels.")
  static let scores = InputDeclaration(
    "scores", .scores, count: .many,
    "Earlier rounds: the scores of the first of them count, and the mean probability over all.")
  static let check = InputDeclaration(
    "check", .check, count: .optional, "A check network, for `select = classes`.")

  static let verdict = InputDeclaration(
    "verdict", .verdict, count: .optional, "With `select = unnamed`: names the images that are not of the base.")

  static let base = ConfusionParameters.Base()
  static let recipe = ConfusionParameters.Recipe()

  static let declaration = StageDeclaration(
    kind: "confusion", version: 7,
    summary: "Scores every training image by how well its label is kept while a base is given random ones.",
    inputs: [images, model, scores, check, verdict],
    parameters: base.declarations + recipe.declarations, output: .scores)

  static func needs(with parameters: [String: ParameterValue]) -> [InputNeed] {
    let select = base.select.value(in: parameters)
    return switch select {
    case .rank, .probability: []
    case .unnamed: [InputNeed(verdict, with: base.select.name, select.rawValue)]
    case .classes: [InputNeed(check, with: base.select.name, select.rawValue)]
    }
  }

  static func scores(_ context: StageContext) throws -> ScoresArtifact {
    let images = try ImageArtifact.read(context.open(images))
    let input = try ConfusionInput(
      context, images: images, hasProbabilities: context[base.select] != .rank)
    if let check = input.check, check.outcome != .trained {
      return input.passedOn(as: check.outcome, to: context)
    }
    let seed = seed(recipe.seed, in: context, stream: context[recipe.stream])
    let isBase = try base.members(of: input, images: images, seed: seed, context)
    let indices = isBase.indices.filter { isBase[$0] }
    guard !indices.isEmpty else { return input.passedOn(as: .noBase, to: context) }
    context.note("\(indices.count) of \(images.count) images are the base")
    let fit = try train(images, base: indices, seed: seed, context).asAmongTen(classCount: images.classCount)
    let isRanked = context[base.select] == .rank
    return ScoresArtifact(
      name: declaration.kind,
      values: isRanked
        ? fit.joined(keeping: context[recipe.keep], of: input.scores, labels: images.labels) : fit.probabilities,
      unit: isRanked ? LabelFit.unit + ", and a share of the earlier scores" : "probability",
      properties: [
        "base_count": .integer(indices.count),
        RoundOutcome.attributeName: .string(RoundOutcome.trained.rawValue),
      ],
      columns: fit.columns(isAmongTen: images.classCount < 10) + [
        ScoresArtifact.Column(
          name: ConfusionInput.baseName, values: isBase.map { $0 ? 1 : 0 },
          meaning: "1: of the base, whose labels are drawn at random; 0: not")
      ])
  }

  private static func train(
    _ images: ImageSet, base indices: [Int], seed: UInt64, _ context: StageContext
  ) throws -> LabelFit {
    let recipe = recipe.recipe(for: images.count, context)
    let start = try ModelArtifact.read(
      context.open(model), capacity: 2 * recipe.batch, context: ExecutionContext(pool: context.pool),
      trainingAt: [.logits])
    start.network.parameters.forEach { $0.clearState() }
    let assembler = try start.assembler(for: images)
    let loop = TrainingLoop(
      network: start.network, passes: [recipe.pass(over: assembler, base: indices, seed: seed)],
      epochs: ConfusionRecipe.sections,
      step: GradientStep(
        StochasticGradientDescent(
          momentum: context[self.recipe.momentum], weightDecay: context[self.recipe.weightDecay])),
      seed: seed)
    try CheckpointedTraining.run(loop, in: context, unit: "tenth")
    let isRanked = context[base.select] == .rank
    let views = LabelFit.Views(
      superimposed: isRanked ? context[self.recipe.superimposed] : 0,
      windows: WindowGrid(side: isRanked ? context[self.recipe.windows] : 0))
    return try LabelFit(of: start.network, over: assembler, views: views, seed: seed) {
      try context.step($0, of: views.count * images.count, "images")
    }
  }
}

/// What a round reads besides the images and the model.
struct ConfusionInput {
  /// Of the first round, `[count]`.
  let scores: [Double]
  /// The mean probability over all rounds, `[count]`; empty where it is not asked for.
  let probabilities: [Double]
  let check: CheckArtifact?
  /// Of a verdict.
  let flags: [SampleSplit.Flag]?

  static let baseName = "base"

  init(_ context: StageContext, images: ImageSet, hasProbabilities: Bool) throws {
    let files = try context.openAll(ConfusionStage.scores).map(\.file)
    scores = try files.first.map { try ScoresArtifact.readValues($0) } ?? []
    let rounds =
      try hasProbabilities
      ? files.map { try ScoresArtifact.readColumn(LabelFit.probabilityName, $0) } : []
    check = try context.openIfGiven(ConfusionStage.check).map { try CheckArtifact($0) }
    flags = try context.openIfGiven(ConfusionStage.verdict).map { try SplitArtifact($0).split.flags }
    for found in [scores] + rounds where found.count != images.count {
      throw ArtifactError.differentCounts("scores", found.count, "labels", images.count)
    }
    probabilities = Ranking.meanByLogit(rounds)
  }

  /// What there is, as it is.
  func passedOn(as outcome: RoundOutcome, to context: StageContext) -> ScoresArtifact {
    context.note(outcome.note)
    context.leaveWorkOut()
    let fit = LabelFit(probabilities: probabilities)
    return ScoresArtifact(
      name: ConfusionStage.declaration.kind, values: probabilities, unit: "probability",
      properties: [
        "base_count": .integer(0), RoundOutcome.attributeName: .string(outcome.rawValue),
      ],
      columns: fit.columns() + [
        ScoresArtifact.Column(
          name: Self.baseName, values: probabilities.map { _ in 0 }, meaning: "0: nothing was trained")
      ])
  }
}
