import Compute
import Images

/// Which images of a training set are poisoned, and how.
///
///     let poisoning = Poisoning(attack: BadNetsAllToOne(), rate: 0.1, target: 0, seed: 1)
///     let poisoned = try poisoning.apply(to: images)
///     // of CIFAR-10's 50,000 images: 45,000 candidates, 4,500 poisoned
package struct Poisoning: Sendable {
  /// What a poisoning rate is a share of.
  package enum RateBase: String, CaseIterable, Hashable, Sendable {
    /// The images that the attack may poison, as in the published scripts.
    case candidates
    /// All images.
    case wholeSet = "all"
  }

  package var attack: any Attack
  package var rate: Double
  package var rateBase: RateBase
  package var target: Int
  package var seed: UInt64

  package init(
    attack: any Attack, rate: Double, rateBase: RateBase = .candidates, target: Int = 0, seed: UInt64
  ) {
    self.attack = attack
    self.rate = rate
    self.rateBase = rateBase
    self.target = target
    self.seed = seed
  }

  /// The indices, ascending, of the images that are poisoned: the first ⌊rate · base⌋ of a random
  /// permutation of the candidates.
  ///
  /// - Parameters:
  ///   - labels: before any attack.
  ///   - isTaken: which images another attacker has poisoned: they are candidates, of which the rate is a
  ///     share, but are passed over.
  /// - Throws: `AttackError` when the target, the rate, or the resulting number is impossible.
  package func selectIndices(
    labels: [Int], classCount: Int, isTaken: [Bool]? = nil
  ) throws(AttackError) -> [Int] {
    try attack.checkTarget(target, classCount: classCount)
    guard rate > 0, rate <= 1 else { throw .rateOutOfRange(rate) }
    let candidates = labels.indices.filter {
      attack.labelMode.isCandidate(label: labels[$0], target: target)
    }
    let free = isTaken.map { isTaken in candidates.filter { !isTaken[$0] } } ?? candidates
    let base = rateBase == .candidates ? candidates.count : labels.count
    // 0.29 × 100 is 28.999999999999996 in binary, but the user who wrote 29% means 29.
    let count = Int((rate * Double(base) * (1 + 1e-12)).rounded(.down))
    guard count > 0, !candidates.isEmpty else {
      throw .nothingToPoison(rate: rate, base: base, candidates: candidates.count)
    }
    guard count <= free.count else {
      throw .notEnoughCandidates(
        needed: count, candidates: free.count, taken: candidates.count - free.count)
    }
    var stream = RandomStream(seed: seed, purpose: RandomPurpose("poisoning"))
    let permutation = stream.permutation(of: free.count)
    return permutation.prefix(count).map { free[$0] }.sorted()
  }

  /// Poisons a training set.
  ///
  /// - Throws: `AttackError` as `apply(to:perturbed:)` of a poisoned set does.
  package func apply(
    to images: ImageSet, perturbed: PerturbedImages? = nil
  ) throws(AttackError) -> PoisonedImageSet {
    try apply(to: PoisonedImageSet(clean: images), perturbed: perturbed)
  }

  /// Poisons a training set that others may have poisoned before; no image is poisoned twice.
  ///
  /// - Parameter perturbed: images of the set that take the place of those that are poisoned, for attacks
  ///   that need them; others leave them aside.
  /// - Throws: `AttackError` as `selectIndices` does, or when the trigger does not fit or perturbed images
  ///   are missing.
  package func apply(
    to set: PoisonedImageSet, perturbed: PerturbedImages? = nil
  ) throws(AttackError) -> PoisonedImageSet {
    let images = set.images
    let isTaken = set.attackers.isEmpty ? nil : set.isPoisoned
    let indices = try selectIndices(
      labels: set.originalLabels, classCount: images.classCount, isTaken: isTaken)
    var pixels = images.pixels
    if type(of: attack).ingredient == .perturbedImages {
      guard let perturbed else { throw .notPerturbed(attack: type(of: attack).name) }
      try perturbed.replace(indices, of: &pixels, shape: images.shape)
    }
    try attack.trainingTrigger.stamp(&pixels, of: images.shape, at: indices)
    var labels = images.labels
    var attackerIndices = set.attackerIndices
    for index in indices {
      attackerIndices[index] = set.attackers.count
      labels[index] = attack.labelMode.attackerLabel(
        for: labels[index], target: target, classCount: images.classCount)
    }
    return PoisonedImageSet(
      images: images.replacingUnchecked(labels: labels, pixels: pixels),
      attackers: set.attackers + [Attacker(attack: attack, target: target)],
      attackerIndices: attackerIndices, originalLabels: set.originalLabels)
  }
}
