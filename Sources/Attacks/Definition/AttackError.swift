import Images

/// Why an attack cannot be made.
package enum AttackError: Error, Hashable, Sendable {
  case targetOutOfRange(Int, classCount: Int)
  /// A rate is a share: more than 0, at most 1.
  case rateOutOfRange(Double)
  /// The rate, rounded down, poisons no image.
  case nothingToPoison(rate: Double, base: Int, candidates: Int)
  /// The rate asks for more images than may be poisoned and are not poisoned by another attacker.
  case notEnoughCandidates(needed: Int, candidates: Int, taken: Int = 0)
  /// The trigger does not fit on the images.
  case imageTooSmall(ImageShape, needed: Int)
  /// Every test image already has the attacker's label.
  case nothingToTest(target: Int)
  /// Fewer than two classes.
  case tooFewClasses(Int)
  /// No attack has that name.
  case unknownAttack(String, known: [String])
  /// The attack has no such setting; the owners are attacks that have.
  case unknownSetting(String, attack: String, known: [String], owners: [String])
  case valueNotTaken(AttackValue, setting: AttackSetting, attack: String)
  /// The attack cannot do without this setting.
  case missingSetting(AttackSetting, attack: String)
  /// A picture of another kind than attacks put on images, or too large.
  case pictureNotTaken(ImageShape)
  /// The attack is made on perturbed images, and there are none.
  case notPerturbed(attack: String)
  /// The attack hides messages by a trained encoder, and there is none.
  case noEncoder(attack: String)
  /// Images of a shape that no steganography network takes.
  case notForSteganography(ImageShape)
  /// Images of another shape than the trigger was made for.
  case otherImages(ImageShape, expected: ImageShape)
  /// Perturbed images that are not those of the set, or not all that are poisoned.
  case otherPerturbedImages(image: Int)
  /// A stored attack, or one of that name, is not in the form that this version knows.
  case unreadable(attack: String?)
  case notStorable(String, detail: String)
}

extension AttackError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .targetOutOfRange(let target, let classCount):
      "the target class \(target) does not exist; there are \(classCount) classes (0 to \(classCount - 1))"
    case .rateOutOfRange(let rate):
      "a poisoning rate of \(rate); it is a share of the images, above 0 and at most 1 (100%)"
    case .nothingToPoison(let rate, let base, let candidates):
      candidates == 0
        ? "no image may be poisoned by this attack, by the classes that the images have"
        : "a poisoning rate of \(rate) of \(base) images poisons none of them; "
          + "it takes a rate of at least \(1 / Double(max(1, base)))"
    case .notEnoughCandidates(let needed, let candidates, let taken):
      "\(needed) images are to be poisoned, but the attack may poison only \(candidates)"
        + (taken == 0 ? "" : ", since \(taken) are poisoned already")
        + "; lower the rate, or take it of the candidates"
    case .imageTooSmall(let shape, let needed):
      "images of \(shape.height)×\(shape.width) are too small for the trigger, "
        + "which needs \(needed)×\(needed)"
    case .nothingToTest(let target):
      "all test images are of the target class \(target), so there is nothing to test the attack on"
    case .tooFewClasses(let count):
      "an attack needs two classes at least, not \(count)"
    case .unknownAttack(let name, let known):
      "there is no attack '\(name)'; there are \(known.joined(separator: ", "))"
    case .unknownSetting(let name, let attack, let known, let owners):
      "'\(name)' is no setting of the attack '\(attack)'"
        + (owners.isEmpty ? "" : ", but of \(owners.joined(separator: ", "))") + "; '\(attack)' has "
        + (known.isEmpty ? "none" : known.map { "'\($0)'" }.joined(separator: ", "))
    case .valueNotTaken(let value, let setting, let attack):
      "'\(setting.name)' of the attack '\(attack)' is \(value), but must be \(setting.valuesText)"
    case .missingSetting(let setting, let attack):
      "the attack '\(attack)' needs '\(setting.name)': \(setting.valuesText)"
    case .pictureNotTaken(let shape):
      "a picture of \(shape); what attacks put on images is grey, colour, or colour with opacity, and has "
        + "at most \(Picture.largest) pixels"
    case .notPerturbed(let attack):
      "the attack '\(attack)' is made on images that were perturbed against a benign model; connect the "
        + "artifact of a stage of kind 'perturb' to 'perturbed'"
    case .noEncoder(let attack):
      "the attack '\(attack)' hides messages by a trained encoder; connect the artifact of a stage of kind "
        + "'steganography' to 'encoder'"
    case .notForSteganography(let shape):
      "images of \(shape.height)×\(shape.width); messages are hidden in square images whose side is a "
        + "multiple of 32, up to 1024"
    case .otherImages(let shape, let expected):
      "images of \(shape), where the trigger was made for \(expected)"
    case .otherPerturbedImages(let image):
      "image \(image) is to be poisoned, but is not among the perturbed images; perturb images of the same "
        + "set and of the target class"
    case .unreadable(let attack):
      "what is stored of the attack"
        + (attack.map { " '\($0)'" } ?? "")
        + " is not in the form that this version knows; make the poisoned set again"
    case .notStorable(let attack, let detail):
      "the attack '\(attack)' cannot be stored: \(detail)"
    }
  }
}

extension AttackValue: CustomStringConvertible {
  package var description: String {
    switch self {
    case .number(let value): AttackSetting.text(value)
    case .word(let word): "'\(word)'"
    case .picture(let picture): "a picture of \(picture.shape)"
    }
  }
}

extension AttackSetting {
  /// The values that it takes, in words.
  var valuesText: String {
    switch domain {
    case .number(let range, _):
      "a number\(unit.map { " of \($0)" } ?? "") from \(Self.text(range.lowerBound)) to "
        + Self.text(range.upperBound)
    case .word(let words, _): "one of " + words.map { "'\($0.name)'" }.joined(separator: ", ")
    case .picture: "a picture"
    }
  }

  /// `40`, not `40.0`.
  static func text(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
