import Detection
import HDF5
import Images
import Pipelines
import Reports

/// In the classes that a verdict calls poisoned, names the images that networks recognise by what the surest suspects
/// have in common (see `RecognitionRule`). A verdict that names nothing, or too little, is passed on.
///
/// Output: see `VerdictArtifact`, and
///
///     /recognized   float64 [count]   in the classes that were asked about: the probability that an image is like the
///                                     surest suspects, and not like the other images of its label
enum RecognitionStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, .controlledImages, count: .one,
    "The training set; its labels are taken as given.")
  static let model = InputDeclaration(
    "model", .model, count: .one, "The network, trained on the set, that each of these starts from.")
  static let verdict = InputDeclaration("verdict", .verdict, count: .one, "What was found.")
  static let checks = InputDeclaration(
    "check", .check, count: .any, "Check networks: what the last that was trained denies is surest poison.")

  private static let usual = RecognitionRule()
  static let core = Parameter.share(
    "core", in: 0.01...1, default: usual.coreShare,
    "The share of a class's named images, the surest ones, that is learned first as a class of its own.")
  static let fewest = Parameter.integer(
    "fewest", in: 4...1_000_000, default: usual.fewest, unit: "images",
    "A class with fewer named images, or fewer clean ones to tell them from, is left as it was.")
  static let leastRecognized = Parameter.share(
    "least-recognized", in: 0...1, default: usual.leastRecognized,
    "A class of whose core fewer are recognised is left as it was.")
  static let naming = Parameter.share(
    "naming", in: 0.001...0.999, default: usual.threshold,
    "An image is named from this probability on: of the verdict's confidence, and of being recognised, as if each "
      + "spoke for itself.")
  static let loose = Parameter.share(
    "loose", in: 0.001...0.999, default: usual.looseThreshold,
    "The same for the upper end of the estimate, see /share_high; those that are not named are uncertain.")
  static let doubt = Parameter.share(
    "doubt", in: 0...1, default: usual.doubtFrom,
    "Of a class that is learned again, images that were recognised with a larger probability than this one are not "
      + "learned as clean.")
  static let parts = Parameter.integer(
    "parts", in: 2...20, default: usual.parts, unit: "parts",
    "Into so many the set is divided; each is judged by a network that is trained on the others.")
  static let growth = Parameter.share(
    "growth", in: 0...1, default: usual.growth,
    "A class is learned again, from all that is named of it by then, while a round names more than before by more than "
      + "this share, and after the first where so many are uncertain.")
  static let mostDoubtful = Parameter.share(
    "most-doubtful", in: 0...1, default: usual.mostDoubtful,
    "And while of what was learned as clean, and is not named, no larger share has a probability above 'doubt'.")
  static let rounds = Parameter.integer(
    "rounds", in: 1...100, default: usual.mostRounds, unit: "rounds", "But not in more rounds than that.")
  static let steps = Parameter.integer(
    "steps", in: 1...1_000_000, default: 600, unit: "steps",
    "How long each is trained " + TrainingSteps.rule)
  static let batch = Parameter.integer(
    "batch", in: 1...65_536, default: 64, unit: "images", "Images in a step.")
  static let learningRate = Parameter.real(
    "learning-rate", in: 1e-12...1000, default: 0.02, "The peak of the rate, which goes through one cycle.")
  static let momentum = Parameter.real("momentum", in: 0...0.9999, default: 0.9, "Momentum of the descent.")
  static let weightDecay = Parameter.real("weight-decay", in: 0...1, default: 5e-4, "Decay of all weights.")
  static let seed = Parameter.integer("seed", in: 0...Int(Int32.max), default: 1, "The parts and the order.")

  static let declaration = StageDeclaration(
    kind: "recognition", version: 5,
    summary: "In poisoned classes, names the images that networks recognise by what the surest suspects share.",
    inputs: [images, model, verdict, checks],
    parameters: [
      core.declaration, fewest.declaration, leastRecognized.declaration, naming.declaration, loose.declaration,
      doubt.declaration, parts.declaration, growth.declaration, mostDoubtful.declaration, rounds.declaration,
      steps.declaration, batch.declaration, learningRate.declaration, momentum.declaration, weightDecay.declaration,
      seed.declaration,
    ], output: .verdict)

  private static let recognizedName = "recognized"

  static func problems(with parameters: [String: ParameterValue]) -> [String] {
    loose.value(in: parameters) > naming.value(in: parameters) ? ["'loose' is more than 'naming'"] : []
  }

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    var artifact = try VerdictArtifact(context.open(verdict))
    try artifact.requireSameSamples(labels: images.labels, classNames: images.classNames, "images", "verdict")
    let before = artifact.verdict
    var rounds = RecognitionRounds(
      after: before, denials: try denials(of: images, context), labels: images.labels,
      classCount: images.classCount, by: rule(context), seed: seed(seed, in: context))
    if rounds.classes.isEmpty {
      context.note("no class with enough named and enough clean images: there is nothing to train")
      context.leaveWorkOut()
    } else {
      rounds = try RecognitionNetworks(context, images: images).finishing(rounds)
      for label in rounds.unknown {
        context.note(
          "the surest suspects of '\(images.classNames[label])' have nothing in common that is recognised: that class "
            + "is left as it was")
      }
      let power = artifact.power
      artifact = VerdictArtifact(
        verdict: rounds.verdict, labels: artifact.labels, classNames: artifact.classNames)
      artifact.power = power
      note(before, rounds, context)
    }
    try artifact.write(to: context.output)
    try context.output.root.write(
      rounds.recognized, to: recognizedName,
      attributes: [
        "axes": "image", "unit": "probability",
        "meaning": """
        in the classes that were asked about, that the image is like the surest suspects and not like the other images \
        of its label; elsewhere 0
        """,
      ])
    try ImageArtifact.writeNames(of: artifact.verdict.named, in: images, to: context.output)
    let text = VerdictText(artifact)
    context.note(text.sentence)
    text.details.forEach(context.note)
  }

  /// By the last check network that was trained.
  private static func denials(of images: ImageSet, _ context: StageContext) throws -> [Double] {
    guard
      let last = try context.openAll(checks).map({ try CheckArtifact($0.file) }).last(where: { $0.outcome == .trained })
    else { return [] }
    try last.checkCount(images)
    return last.probabilities.map { 1 - $0 }
  }

  private static func note(_ before: Verdict, _ rounds: RecognitionRounds, _ context: StageContext) {
    let (earlier, named) = (Set(before.named), Set(rounds.verdict.named))
    let others = named.subtracting(earlier).count
    context.note(
      "of \(earlier.count) suspects \(earlier.intersection(named).count) are recognised, and \(others) "
        + (others == 1 ? "other" : "others")
        + (rounds.count == 1 ? "" : ", after \(rounds.count) rounds of learning what was named by then"))
  }

  private static func rule(_ context: StageContext) -> RecognitionRule {
    var rule = RecognitionRule()
    rule.coreShare = context[core]
    rule.fewest = context[fewest]
    rule.leastRecognized = context[leastRecognized]
    rule.threshold = context[naming]
    rule.looseThreshold = context[loose]
    rule.doubtFrom = context[doubt]
    rule.parts = context[parts]
    rule.growth = context[growth]
    rule.mostDoubtful = context[mostDoubtful]
    rule.mostRounds = context[rounds]
    return rule
  }
}
