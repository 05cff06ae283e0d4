import Detection
import HDF5
import Images
import Networks
import Pipelines
import Reports

/// Scores every training image by how surely something in it foretells that its label contradicts it (see
/// `ContradictionRule`): the third look at a set, for a trigger whose label depends on the image.
///
/// Two networks are trained, on half of the images each, to tell what the check network contradicts from what it does
/// not; only if they are right, further pairs that make what they marked purer. Images that look alike are in the same
/// half.
///
/// Output: see `ScoresArtifact`, with `ContradictionFinding`.
enum ContradictionStage: ScoreStage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, .controlledImages, count: .one,
    "The training set; its labels are taken as given.")
  static let check = InputDeclaration(
    "check", .check, count: .one, "What the check network takes the images for.")
  static let earlier = InputDeclaration(
    "earlier", .verdict, count: .optional, "Where this verdict says poisoned, nothing is trained.")

  private static let usual = ContradictionRule()
  static let confident = Parameter.share(
    "confident", in: 0.01...1, default: usual.confidentShare,
    "The share of the images that the check network is surest of, which the first pair learns from.")
  static let mostContradicted = Parameter.share(
    "most-contradicted", default: usual.mostContradicted,
    "A smaller share is taken where more of them contradict their label.")
  static let fewest = Parameter.integer(
    "fewest", in: 1...1_000_000, default: usual.fewest, unit: "images",
    "How many of the surest foretold ones are looked at, at least.")
  static let fewestShare = Parameter.share(
    "fewest-share", in: 0...1, default: usual.fewestShare, "And how many, at least, as a share of all images.")
  static let foretold = Parameter.share(
    "foretold", default: usual.foretold,
    "Something foretells contradictions if at least so many of those do contradict their label, for certain (95%).")
  static let beyondUsual = Parameter.real(
    "beyond-usual", in: -1...1, default: usual.beyondUsual,
    "And if that is at least so much more than of all that the check network is sure of, as a difference of shares.")
  static let pure = Parameter.share(
    "pure", default: usual.pure,
    "The second pair learns from the surest foretold ones, down to where fewer of them contradict their label.")
  static let alike = Parameter.real(
    "alike", in: 0...1, default: Lookalikes.usualCosine,
    "From which cosine of the check network's features on two images look alike.")
  static let passes = Parameter.integer(
    "passes", in: 1...100, default: 5, unit: "pairs", "Pairs of networks, if the first is right.")
  static let steps = Parameter.integer(
    "steps", in: 1...1_000_000, default: 300, unit: "steps",
    "How long the networks of the first pair are trained " + TrainingSteps.rule)
  static let laterSteps = Parameter.integer(
    "later-steps", in: 1...1_000_000, default: 900, unit: "steps",
    "The same for the others, which are to find all of it.")
  static let batch = Parameter.integer(
    "batch", in: 1...65_536, default: 64, unit: "images", "Images in a step.")
  static let learningRate = Parameter.real(
    "learning-rate", in: 1e-12...1000, default: 0.05, "The peak of the rate, which goes through one cycle.")
  static let momentum = Parameter.real("momentum", in: 0...0.9999, default: 0.9, "Momentum of the descent.")
  static let weightDecay = Parameter.real("weight-decay", in: 0...1, default: 5e-4, "Decay of all weights.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "The halves, initial weights and order.")

  static let declaration = StageDeclaration(
    kind: "contradiction", version: 2,
    summary: "Scores every training image by how surely something in it foretells that its label contradicts it.",
    inputs: [images, check, earlier],
    parameters: [
      confident.declaration, mostContradicted.declaration, fewest.declaration, fewestShare.declaration,
      foretold.declaration, beyondUsual.declaration, pure.declaration, alike.declaration, passes.declaration,
      steps.declaration, laterSteps.declaration, batch.declaration, learningRate.declaration, momentum.declaration,
      weightDecay.declaration, seed.declaration,
    ], output: .scores)

  static func scores(_ context: StageContext) throws -> ScoresArtifact {
    let images = try ImageArtifact.read(context.open(images))
    let check = try CheckArtifact(context.open(check))
    let isSettled = try context.openIfGiven(earlier).map { try VerdictArtifact.state(of: $0) == .poisoned }
    guard isSettled != true && check.outcome == .trained else {
      let outcome: RoundOutcome = isSettled == true ? .settled : check.outcome
      context.note(outcome.note)
      context.leaveWorkOut()
      return ContradictionFinding(notAsked: images.count).artifact(named: declaration.kind, outcome)
    }
    try check.checkCount(images)
    let finding = try ContradictionSearch(context, images: images, predictions: check.predictions).finding()
    return finding.artifact(named: declaration.kind, .trained)
  }

  static func rule(_ context: StageContext) -> ContradictionRule {
    var rule = ContradictionRule()
    rule.confidentShare = context[confident]
    rule.leastConfidentShare = min(rule.leastConfidentShare, context[confident])
    rule.mostContradicted = context[mostContradicted]
    rule.fewest = context[fewest]
    rule.fewestShare = context[fewestShare]
    rule.foretold = context[foretold]
    rule.beyondUsual = context[beyondUsual]
    rule.pure = context[pure]
    return rule
  }
}
