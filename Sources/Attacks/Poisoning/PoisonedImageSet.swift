import Images

/// A training set with poisoned images in it, and the truth about them, which no defence may see.
package struct PoisonedImageSet: Sendable {
  /// All images, with the labels that the defender receives.
  package let images: ImageSet

  /// For each image, whether it was poisoned.
  package let isPoisoned: [Bool]

  /// The label of each image before the attack.
  package let originalLabels: [Int]
}
