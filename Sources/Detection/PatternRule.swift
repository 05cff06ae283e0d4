/// Whether a pattern that part of a class has (see `SharedPattern`) is a trigger: it divides the class clearly, and on
/// images of other classes it makes a network that was trained on the set say this one.
///
/// Both are asked for: images with a trigger that the network has not learned are divided from the rest as well, and what
/// makes shirts pullovers does not divide them.
package struct PatternRule: Hashable, Sendable {
  /// The least separation. In 28 clean sets it was 5.1 at the most, where a fifth of a class had black bars, and 7.1 for
  /// copies of one image; of poison that looks the same in all images 13 to 58 (CIFAR-10), and 7 to 16 (Fashion-MNIST),
  /// but for two sets of few images or classes (3.7 and 3.8) and Trojan triggers (4.0 to 5.5).
  package var leastSeparation = 6.0
  /// How unlike each other images with it must be, as a share of how unlike those without it are (see
  /// `PatternSearch.variety`). Of poison it was 0.67 at the least, of that with stripes on trousers alone, otherwise 0.74 to
  /// 1.4; of forty copies of one image 0.12. Without this they were called poison.
  package var leastVariety = 0.4
  /// Surely (some 95%) so large a share of the other images must be taken for the class.
  package var leastTransplanted = 0.15
  /// How strong the pattern is put on them at least, as a share of the strength of what images show at that frequency;
  /// otherwise as strong as it is in the images that have it. With that, and without asking for separation, 11% were taken
  /// for a class of 20 clean sets at the most, but for one with black bars (33%); where there was poison mostly 40% and
  /// more, of what is blended over images of Fashion-MNIST 3% to 9%. (Measured with ten rounds.)
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
