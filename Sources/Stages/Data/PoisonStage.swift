import Attacks
import Images
import Pipelines

/// Plays the attacker: puts a trigger into some images of a set and gives them the attacker's label.
///
/// Output: see `ImageArtifact`, and `TruthArtifact` for who is poisoned.
enum PoisonStage: Stage {
  static let images = InputDeclaration("images", .images, count: .one, "The clean set.")
  static let attack = Parameter<AttackName>.choice(
    "attack", "The trigger and who gets which label.")
  static let rate = Parameter.share(
    "rate", in: 0...1, default: 0.1, "How many are poisoned, as a share of `rate-base`.")
  static let rateBase = Parameter<Poisoning.RateBase>.choice(
    "rate-base", default: .candidates, "What the rate is a share of.")
  static let target = Parameter.integer(
    "target", in: 0...99_999, default: 0, "The class that triggered images are to be taken for.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Chooses the poisoned images.")

  static let declaration = StageDeclaration(
    kind: "poison", version: 2,
    summary: "Puts a backdoor trigger into some training images (for experiments).",
    inputs: [images],
    parameters: [
      attack.declaration, rate.declaration, rateBase.declaration, target.declaration,
      seed.declaration,
    ] + AttackParameters.declarations,
    output: .poisonedImages)

  static func problems(with parameters: [String: ParameterValue]) -> [String] {
    (rate.value(in: parameters) > 0 ? [] : ["a 'rate' of 0 poisons nothing"])
      + AttackParameters.problems(with: parameters, attack: attack.value(in: parameters).kind)
  }

  static func run(_ context: StageContext) throws {
    let clean = try ImageArtifact.read(context.open(images))
    let attack = try Attacks.make(
      context[attack].rawValue, AttackParameters.values(in: context.parameters))
    let poisoning = Poisoning(
      attack: attack, rate: context[rate], rateBase: context[rateBase],
      target: context[target], seed: UInt64(context[seed]))
    let poisoned = try poisoning.apply(to: clean)
    try ImageArtifact.write(poisoned.images, to: context.output)
    try TruthArtifact(
      attack: attack, target: poisoning.target, isPoisoned: poisoned.isPoisoned,
      originalLabels: poisoned.originalLabels
    ).write(to: context.output)
    let count = poisoned.isPoisoned.count { $0 }
    context.note(
      "\(count) of \(clean.count) images poisoned with \(type(of: attack).name), target "
        + "'\(clean.classNames[poisoning.target])'")
  }
}

extension Poisoning.RateBase: ParameterWord {
  package var summary: String {
    switch self {
    case .candidates: "the images that the attack may poison (published)"
    case .wholeSet: "all images"
    }
  }
}
