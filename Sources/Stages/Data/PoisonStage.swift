import Attacks
import Images
import Networks
import Pipelines

/// Plays the attacker: puts a trigger into some images of a set and gives them the attacker's label.
///
/// Output: see `ImageArtifact`, and `TruthArtifact` for who is poisoned.
enum PoisonStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one,
    "The set; of one that is poisoned already, other images are poisoned.")
  static let perturbed = InputDeclaration(
    "perturbed", .perturbedImages, count: .optional,
    "Of cl: the images of the target class, perturbed. Other attacks make no use of it.")
  static let patch = InputDeclaration(
    "patch", .patch, count: .optional,
    "Of trojan: a patch that was made for a model. Other attacks make no use of it.")
  static let encoder = InputDeclaration(
    "encoder", .steganography, count: .optional,
    "Of ssba: the network that hides a message. Other attacks make no use of it.")
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
    kind: "poison", version: 3,
    summary: "Puts a backdoor trigger into some training images (for experiments).",
    inputs: [images, perturbed, patch, encoder],
    parameters: [
      attack.declaration, rate.declaration, rateBase.declaration, target.declaration,
      seed.declaration,
    ] + AttackParameters.declarations,
    output: .poisonedImages)

  static func problems(with parameters: [String: ParameterValue]) -> [String] {
    (rate.value(in: parameters) > 0 ? [] : ["a 'rate' of 0 poisons nothing"])
      + AttackParameters.problems(with: parameters, attack: attack.value(in: parameters).kind)
  }

  static func needs(with parameters: [String: ParameterValue]) -> [InputNeed] {
    let name = attack.value(in: parameters)
    return switch name.kind.ingredient {
    case nil: []
    case .perturbedImages: [InputNeed(perturbed, with: attack.name, name.rawValue)]
    case .encoder: [InputNeed(encoder, with: attack.name, name.rawValue)]
    }
  }

  static func run(_ context: StageContext) throws {
    let set = try readSet(context)
    let attack = try readAttack(context)
    let poisoning = Poisoning(
      attack: attack, rate: context[rate], rateBase: context[rateBase],
      target: context[target], seed: UInt64(context[seed]))
    let poisoned = try poisoning.apply(
      to: set, perturbed: readPerturbed(context, of: set.images, for: attack))
    try ImageArtifact.write(poisoned.images, to: context.output)
    try TruthArtifact(poisoned).write(to: context.output)
    let number = set.attackers.count
    let changed = poisoned.attackerIndices.indices.filter { poisoned.attackerIndices[$0] == number }
    try ExampleArtifact.write(
      changed, before: { set.images[$0] }, after: { poisoned.images[$0] }, to: context.output)
    context.note(
      "\(changed.count) of \(set.images.count) images poisoned with \(type(of: attack).name), target "
        + "'\(set.images.classNames[poisoning.target])'"
        + (number == 0 ? "" : "; \(poisoned.isPoisoned.count { $0 }) by \(number + 1) attackers in all"))
  }

  private static func readSet(_ context: StageContext) throws -> PoisonedImageSet {
    let file = try context.open(images)
    let images = try ImageArtifact.read(file)
    guard let truth = try TruthArtifact.read(file) else { return PoisonedImageSet(clean: images) }
    guard truth.originalLabels.count == images.count else {
      throw ArtifactError.differentCounts("truth", truth.originalLabels.count, "images", images.count)
    }
    return PoisonedImageSet(
      images: images, attackers: truth.attackers, attackerIndices: truth.attackerIndices,
      originalLabels: truth.originalLabels)
  }

  /// The attack with what the manifest says of it, and a patch or an encoder that was made for it.
  private static func readAttack(_ context: StageContext) throws -> any Attack {
    let name = context[attack].rawValue
    var values = try AttackParameters.values(in: context)
    if name == Trojan.name, let file = try context.openIfGiven(patch) {
      let made = try PatchArtifact(file)
      let both = ["picture", "gap"].filter { values[$0] != nil }
      guard both.isEmpty else { throw ArtifactError.givenTwice(both[0], input: patch.name) }
      values["picture"] = .picture(try Picture(made.patch))
      values["gap"] = .number(Double(made.gap))
    }
    if name == SSBA.name, let file = try context.openIfGiven(encoder) {
      let hiding = try SteganographyArtifact(file, context: ExecutionContext(pool: context.pool))
      return SSBA(encoder: hiding.network.hiding(hiding.message))
    }
    return try Attacks.make(name, values)
  }

  private static func readPerturbed(
    _ context: StageContext, of images: ImageSet, for attack: any Attack
  ) throws -> PerturbedImages? {
    guard type(of: attack).ingredient == .perturbedImages, let file = try context.openIfGiven(perturbed)
    else { return nil }
    let artifact = try PerturbedArtifact(file)
    guard artifact.isMade(from: images) else { throw ArtifactError.otherPerturbed(file.path) }
    return artifact.images
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
