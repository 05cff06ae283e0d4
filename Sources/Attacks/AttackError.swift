import Images

/// Why an attack cannot be made.
public enum AttackError: Error, Hashable, Sendable {
  case targetOutOfRange(Int, classCount: Int)
  /// A rate is a share: more than 0, at most 1.
  case rateOutOfRange(Double)
  /// The rate, rounded down, poisons no image.
  case nothingToPoison(rate: Double, base: Int, candidates: Int)
  /// The rate asks for more images than may be poisoned.
  case notEnoughCandidates(needed: Int, candidates: Int)
  /// The trigger does not fit on the images.
  case imageTooSmall(ImageShape, needed: Int)
  /// Every test image already has the attacker's label.
  case nothingToTest(target: Int)
  /// Fewer than two classes.
  case tooFewClasses(Int)
}

extension AttackError: CustomStringConvertible {
  public var description: String {
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
    case .notEnoughCandidates(let needed, let candidates):
      "\(needed) images are to be poisoned, but the attack may poison only \(candidates); "
        + "lower the rate, or take it of the candidates"
    case .imageTooSmall(let shape, let needed):
      "images of \(shape.height)×\(shape.width) are too small for the trigger, "
        + "which needs \(needed)×\(needed)"
    case .nothingToTest(let target):
      "all test images are of the target class \(target), so there is nothing to test the attack on"
    case .tooFewClasses(let count):
      "an attack needs two classes at least, not \(count)"
    }
  }
}
