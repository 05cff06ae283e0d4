import Images

/// A training set with poisoned images in it, and the truth about them, which no defence may see.
public struct PoisonedImageSet: Sendable {
  /// All images, with the labels that the defender receives.
  public let images: ImageSet

  /// For each image, whether it was poisoned.
  public let isPoisoned: [Bool]

  /// The label of each image before the attack.
  public let originalLabels: [Int]
}
