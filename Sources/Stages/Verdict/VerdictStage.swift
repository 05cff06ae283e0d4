import Compute
import Detection
import Images
import Networks
import Pipelines

/// Says whether the training set is poisoned, and names the poisoned images (see `VerdictRule`); or takes an
/// earlier verdict over, where that says poisoned.
///
/// Output: see `VerdictArtifact`, and /suspect_names, text [named], the paths of their files, where images are
/// files.
enum VerdictStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, .controlledImages, count: .one,
    "The training set, for its given labels.")
  static let scores = InputDeclaration(
    "scores", .scores, count: .many,
    "The last round of confusion training, for its probabilities; after it rounds before, which help to name "
      + "images of a poisoned class.")
  static let check = InputDeclaration(
    "check", .check, count: .one, "What the check network takes the images for.")
  static let earlier = InputDeclaration(
    "earlier", .verdict, count: .optional, "An earlier verdict, which counts where it says poisoned.")
  static let contradiction = InputDeclaration(
    "contradiction", .scores, count: .optional,
    "A stage of kind `contradiction`: where the rest does not say poisoned, what it has found does.")
  static let pattern = InputDeclaration(
    "pattern", .scores, count: .optional,
    "A stage of kind `shared-pattern`: a class with a trigger is poisoned, and the images that have it are named.")

  private static let usual = VerdictRule()
  static let asks = Parameter<VerdictRule.Questions>.choice(
    "asks", default: usual.asks, "What is asked of a group that keeps its label.")
  static let threshold = Parameter.share(
    "threshold", in: 0.001...0.999, default: usual.threshold,
    "From which probability of its label on an image belongs to the group of its class.")
  static let certain = Parameter.share(
    "certain", in: 0.001...0.999, default: usual.certainThreshold,
    "A group counts if enough of it have a larger probability than this.")
  static let fewest = Parameter.integer(
    "fewest", in: 1...1_000_000, default: usual.fewest, unit: "images", "How many are enough, at least.")
  static let fewestShare = Parameter.share(
    "fewest-share", in: 0...1, default: usual.fewestShare,
    "And how many, at least, as a share of all images.")
  static let demand = Parameter.integer(
    "demand", in: 1...1000, default: usual.demand, "Both are multiplied by this.")
  static let poisonedBelow = Parameter.share(
    "poisoned-below", default: usual.poisonedBelow,
    "A group is poison if the check network agrees with less of its labels.")
  static let poisonedOfUsual = Parameter.share(
    "poisoned-of-usual", default: usual.poisonedOfUsual,
    "And with less than this share of what it agrees with in the rest of the class, which it may not have "
      + "learned; 100% asks for nothing.")
  static let leastUsual = Parameter.share(
    "least-usual", default: usual.leastUsual,
    "A network that agrees with less of the rest of a class does not know it, and denies none of its groups.")
  static let easyFrom = Parameter.share(
    "easy-from", default: usual.easyFrom,
    "It is merely easy if it agrees with so many, or with about as many as in the rest of the class; between the two "
      + "it is doubtful.")
  static let mixedFrom = Parameter.share(
    "mixed-from", default: usual.mixedFrom,
    "It is easy images and poison if surely so large a share of it is denied beyond what is usual in the rest of the "
      + "class; 100% asks for nothing.")
  static let confusableFrom = Parameter.share(
    "confusable-from", default: usual.confusableFrom,
    "It is merely hard to tell if, of those that the check network denies, surely so many look like what the rest of "
      + "the class is often taken for; 100% asks for nothing.")
  static let confusableUnless = Parameter.share(
    "confusable-unless", default: usual.confusableUnless,
    "But not if the network surely agrees with less of the group than this share of what is usual.")
  static let foreignBelow = Parameter.share(
    "foreign-below", default: usual.foreignBelow,
    "It is easy images and poison, however often the network agrees, if surely fewer look like that; 0 asks for nothing.")
  static let naming = Parameter.share(
    "naming", in: 0.001...0.999, default: usual.namingThreshold,
    "In a poisoned class, images from this probability on are named too if the check network disagrees.")
  static let changeGain = Parameter.real(
    "change-gain", in: 0...1e6, default: usual.changeGain,
    "Of a poisoned group, what is kept less surely and mostly agreed with is not named, if it is so much likelier that "
      + "the agreement changes along the group than that it does not (a logarithm); and if the rest is denied, it is "
      + "poisoned.")
  static let settles = Parameter.flag(
    "settles", default: false,
    "Whether it settles what an earlier verdict has left open: it adds no doubts of its own, and the earlier ones go "
      + "about groups that it takes for easy.")
  static let loose = Parameter.share(
    "loose", in: 0.001...0.999, default: usual.looseThreshold,
    "The same for the upper end of the estimate, see /share_high; those that are not named are uncertain.")
  static let fewestImages = Parameter.integer(
    "fewest-images", in: 1...100_000_000, default: usual.fewestImages, unit: "images",
    "Of fewer images nothing can be said.")
  static let fewestOfClass = Parameter.integer(
    "fewest-of-class", in: 1...1_000_000, default: usual.fewestOfClass, unit: "images",
    "Of a class with fewer images nothing can be said.")

  static let declaration = StageDeclaration(
    kind: "verdict", version: 18,
    summary: "Says whether the training set is poisoned, which images are, and on what evidence.",
    inputs: [images, scores, check, earlier, contradiction, pattern],
    parameters: [
      asks.declaration, threshold.declaration, certain.declaration, fewest.declaration, fewestShare.declaration,
      demand.declaration, poisonedBelow.declaration, poisonedOfUsual.declaration, leastUsual.declaration,
      easyFrom.declaration, mixedFrom.declaration, confusableFrom.declaration, confusableUnless.declaration,
      foreignBelow.declaration, naming.declaration, loose.declaration, changeGain.declaration, settles.declaration,
      fewestImages.declaration, fewestOfClass.declaration,
    ], output: .verdict)

  static func problems(with parameters: [String: ParameterValue]) -> [String] {
    poisonedBelow.value(in: parameters) > easyFrom.value(in: parameters)
      ? ["a group cannot be both poison and easy: 'poisoned-below' is more than 'easy-from'"] : []
  }

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let earlier = try context.openIfGiven(earlier).map { try VerdictArtifact($0) }
    try earlier?.requireSameSamples(labels: images.labels, classNames: images.classNames, "images", "earlier")
    let artifact = try earlier.flatMap { $0.verdict.state == .poisoned ? $0 : nil }
      ?? VerdictArtifact(
        verdict: verdict(of: images, after: earlier, context), labels: images.labels,
        classNames: images.classNames)
    guard artifact.verdict.flags.count == images.count else {
      throw ArtifactError.differentCounts(
        "flags", artifact.verdict.flags.count, "labels", images.count)
    }
    try artifact.write(to: context.output)
    try ImageArtifact.writeNames(of: artifact.verdict.named, in: images, to: context.output)
    let text = VerdictText(artifact)
    context.note(text.sentence)
    text.details.forEach(context.note)
  }

  private static func verdict(
    of images: ImageSet, after earlier: VerdictArtifact?, _ context: StageContext
  ) throws -> Verdict {
    let check = try CheckArtifact(context.open(check))
    let rounds = try context.openAll(scores).map {
      try ScoresArtifact.readColumn(LabelFit.probabilityName, $0.file)
    }
    for found in rounds where found.count != images.count {
      throw ArtifactError.differentCounts("scores", found.count, "labels", images.count)
    }
    let found: Verdict
    switch check.outcome {
    case .trained:
      try check.checkCount(images)
      let probabilities = rounds.first ?? []
      found = try rule(context).verdict(
        probabilities: probabilities, before: Ranking.meanByLogit(Array(rounds.dropFirst())),
        predictions: check.predictions, labels: images.labels,
        classCount: images.classCount, imagesAreEqual: images.areEqual,
        base: check.baseKnowledge(images.labels), marked: marked(images, probabilities, check, context))
    case .settled, .noGroup:
      guard check.outcome == .noGroup, let earlier else {
        throw ArtifactError.missingInput("earlier", for: "a verdict on a check network that was not trained")
      }
      found = earlier.verdict
    case .noBase:
      found = rule(context).withoutBase(
        probabilities: rounds.first ?? [], labels: images.labels, imagesAreEqual: images.areEqual)
    }
    let judged =
      earlier.map { context[settles] ? found.settling($0.verdict) : found.following($0.verdict) } ?? found
    return try showing(foretold(judged, images, context), images, check, context)
  }

  private static let batch = 128

  /// What the check network takes the rest of each class for, where those that keep their label and that it denies have a
  /// mark.
  private static func marked(
    _ images: ImageSet, _ probabilities: [Double], _ check: CheckArtifact, _ context: StageContext
  ) throws -> MarkedPredictions {
    var result = MarkedPredictions()
    let classes = images.labels.classMembers
    let others = classes.map { $0.members.filter { probabilities[$0] <= context[threshold] } }
    let marks = zip(classes, others).compactMap { found, rest -> (Int, SharedMark, [Int])? in
      let denied = found.members.filter {
        probabilities[$0] > context[threshold] && check.predictions[$0] != found.label
      }
      guard denied.count >= context[fewest] else { return nil }
      return SharedMark(of: denied, unlike: others, in: images).map { (found.label, $0, rest) }
    }
    guard !marks.isEmpty else { return result }
    let model = try ModelArtifact.read(
      context.open(Self.check), capacity: batch, context: ExecutionContext(pool: context.pool))
    for (label, mark, rest) in marks {
      let set = try ImageSet(
        pixels: Array(rest.map { mark.put(on: images.pixels[images.pixelRange(of: $0)]) }.joined()), shape: images.shape,
        labels: rest.map { _ in label }, classNames: images.classNames, origin: images.origin)
      let found = try Inference.predictions(of: model.network, over: Array(rest.indices), of: model.assembler(for: set))
      result.add(mark, label: label, rest: rest, marked: found, plain: rest.map { check.predictions[$0] })
    }
    return result
  }

  private static func showing(
    _ verdict: Verdict, _ images: ImageSet, _ check: CheckArtifact, _ context: StageContext
  ) throws -> Verdict {
    guard let file = try context.openIfGiven(pattern) else { return verdict }
    let finding = try PatternFinding(file)
    guard finding.probabilities.count == images.count else {
      throw ArtifactError.differentCounts("scores", finding.probabilities.count, "labels", images.count)
    }
    return verdict.showing(
      finding.triggers, probabilities: finding.probabilities,
      predictions: check.outcome == .trained ? check.predictions : [], labels: images.labels)
  }

  private static func foretold(
    _ verdict: Verdict, _ images: ImageSet, _ context: StageContext
  ) throws -> Verdict {
    guard let file = try context.openIfGiven(contradiction) else { return verdict }
    let finding = try ContradictionFinding(file)
    guard finding.scores.count == images.count else {
      throw ArtifactError.differentCounts("scores", finding.scores.count, "labels", images.count)
    }
    guard finding.isFound else { return verdict }
    return verdict.foretold(
      scores: finding.scores, contradicts: finding.contradicts, labels: images.labels, by: ContradictionRule())
  }

  private static func rule(_ context: StageContext) -> VerdictRule {
    var rule = VerdictRule()
    rule.asks = context[asks]
    rule.threshold = context[threshold]
    rule.certainThreshold = context[certain]
    rule.fewest = context[fewest]
    rule.fewestShare = context[fewestShare]
    rule.demand = context[demand]
    rule.poisonedBelow = context[poisonedBelow]
    rule.poisonedOfUsual = context[poisonedOfUsual]
    rule.leastUsual = context[leastUsual]
    rule.easyFrom = context[easyFrom]
    rule.mixedFrom = context[mixedFrom]
    rule.confusableFrom = context[confusableFrom]
    rule.confusableUnless = context[confusableUnless]
    rule.foreignBelow = context[foreignBelow]
    rule.namingThreshold = context[naming]
    rule.changeGain = context[changeGain]
    rule.looseThreshold = context[loose]
    rule.fewestImages = context[fewestImages]
    rule.fewestOfClass = context[fewestOfClass]
    return rule
  }
}

extension VerdictRule.Questions: ParameterWord {
  package var summary: String {
    switch self {
    case .all: "all that the parameters below tell of"
    case .likeness:
      "only what those that the check network denies look like ('foreign-below'); whatever is not poison by that is "
        + "easy, and of small groups nothing is uncertain"
    }
  }
}

extension [Int] {
  /// The places of each label, the labels ascending.
  fileprivate var classMembers: [(label: Int, members: [Int])] {
    [Int: [Int]](grouping: indices, by: { self[$0] }).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension ImageSet {
  /// Whether all images are the same one.
  fileprivate var areEqual: Bool {
    guard count > 1 else { return true }
    let first = pixels[pixelRange(of: 0)]
    return (1..<count).allSatisfy { pixels[pixelRange(of: $0)].elementsEqual(first) }
  }
}
