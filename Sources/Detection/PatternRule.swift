/// Whether a pattern that part of a class has (see `SharedPattern`) is a trigger: it divides the class clearly, and on
/// images of other classes it makes a network that was trained on the set say this one.
///
/// Both are asked for: images with a trigger that the network has not learned are divided from the rest as well, and what
/// makes shirts pullovers does not divide them.
package struct PatternRule: Hashable, Sendable {
  /// The least separation. In 19 clean sets it was 4.9 at the most, where a fifth of a class had black bars; of poison
  /// that looks the same in all images 17 to 56 (CIFAR-10), and 3.9 to 9.8 (Fashion-MNIST).
  package var leastSeparation = 6.0
  /// Surely (some 95%) so large a share of the other images must be taken for the class. In clean sets it was 15% of
  /// 300 at the most (a prototype, which asked for no separation); of poison that the network had learned mostly 24% and more.
  package var leastTransplanted = 0.15
  /// How strong the pattern is put on them, as a share of the strength of what images show at that frequency: fainter than
  /// triggers mostly are, as what an image shows can be made strong enough for anything.
  package var strength = 0.5
  /// How many images it is put on, and at the least.
  package var images = 300
  package var fewestImages = 20
  /// How many images, at least, must have it; and as a share of all.
  package var fewest = 10
  package var fewestShare = 0.002

  package init() {}

  /// - Parameters:
  ///   - transplanted: how many of `images` others were taken for the class with the pattern.
  ///   - total: images of the set.
  package func isTrigger(_ pattern: SharedPattern, transplanted: Int, of images: Int, total: Int) -> Bool {
    guard images >= fewestImages, isClear(pattern, total: total) else { return false }
    return Wilson.bounds(Double(transplanted) / Double(images), of: images).lowerBound >= leastTransplanted
  }

  /// Whether it is worth a trial.
  package func isClear(_ pattern: SharedPattern, total: Int) -> Bool {
    let needed = max(fewest, Int((fewestShare * Double(total)).rounded(.up)))
    let count = pattern.owners.count
    return pattern.separation >= leastSeparation && min(count, pattern.members.count - count) >= needed
  }
}
