import Images

/// A training set with poisoned images in it, and the truth about them, which no defence may see.
package struct PoisonedImageSet: Sendable {
  /// All images, with the labels that the defender receives.
  package let images: ImageSet

  /// Who poisoned the set, in the order in which they did.
  package let attackers: [Attacker]

  /// For each image the index of the attacker who poisoned it; `nil` for clean ones.
  package let attackerIndices: [Int?]

  /// The label of each image before all attacks.
  package let originalLabels: [Int]

  /// - Precondition: an index and a label for each image.
  package init(
    images: ImageSet, attackers: [Attacker], attackerIndices: [Int?], originalLabels: [Int]
  ) {
    precondition(attackerIndices.count == images.count && originalLabels.count == images.count)
    self.images = images
    self.attackers = attackers
    self.attackerIndices = attackerIndices
    self.originalLabels = originalLabels
  }

  /// A set that nobody has poisoned yet.
  package init(clean images: ImageSet) {
    self.init(
      images: images, attackers: [], attackerIndices: [Int?](repeating: nil, count: images.count),
      originalLabels: images.labels)
  }

  /// For each image, whether it was poisoned.
  package var isPoisoned: [Bool] { attackerIndices.map { $0 != nil } }
}
