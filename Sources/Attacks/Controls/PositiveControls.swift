import Compute
import Images

/// Triggers of our own in a copy of a training set: what is found of them says what would have been found.
///
/// Beside each stand as many placebos: another trigger of the same kind, on images of all classes, which keep
/// their labels. It teaches a network nothing, and should not be found. The same trigger cannot serve for that: a
/// pattern that says nothing about half of its images is no backdoor.
///
/// No model that anyone is given is trained on such a copy.
package struct PositiveControls: Sendable {
  /// How many images carry each kind, as a share of all; no more than four fifths of a class where labels stay.
  package var shares: [ControlKind: Double]
  /// Placebos for each image with a control.
  package var placebos: Double
  package var seed: UInt64

  package init(shares: [ControlKind: Double], placebos: Double = 1, seed: UInt64) {
    self.shares = shares
    self.placebos = placebos
    self.seed = seed
  }

  /// One of them, as it was planted.
  package struct Control: Hashable, Sendable {
    package let kind: ControlKind
    /// The class that its images are labelled.
    package let target: Int
    /// The images with the trigger, and those with a placebo; ascending.
    package let planted: [Int]
    package let placebos: [Int]

    package init(kind: ControlKind, target: Int, planted: [Int], placebos: [Int]) {
      self.kind = kind
      self.target = target
      self.planted = planted
      self.placebos = placebos
    }
  }

  private static let largestShareOfClass = 0.8

  /// Plants them; those for which there are too few images, or too few classes, are left out.
  ///
  /// - Throws: `AttackError` when a trigger does not fit on the images.
  package func planted(
    in images: ImageSet
  ) throws(AttackError) -> (images: ImageSet, controls: [Control]) {
    var stream = RandomStream(seed: seed, purpose: RandomPurpose("positive controls"))
    let sizes = images.classSizes
    let present = sizes.indices.filter { sizes[$0] > 0 }
    let classes = stream.permutation(of: present.count).map { present[$0] }
    guard classes.count > 1 else { return (images, []) }
    let order = stream.permutation(of: images.count)
    var (pixels, labels) = (images.pixels, images.labels)
    var isTaken = [Bool](repeating: false, count: images.count)

    func take(_ count: Int, where isCandidate: (Int) -> Bool) -> [Int] {
      var taken: [Int] = []
      for index in order where taken.count < count && !isTaken[index] && isCandidate(index) {
        isTaken[index] = true
        taken.append(index)
      }
      return taken.sorted()
    }

    var controls: [Control] = []
    for kind in ControlKind.allCases {
      // Each has a class of its own, as long as there are enough.
      let target = classes[controls.count % classes.count]
      var wanted = Self.count(shares[kind] ?? 0, of: images.count)
      if kind.labelMode == .cleanLabel {
        wanted = min(wanted, Self.count(Self.largestShareOfClass, of: sizes[target]))
      }
      let planted = take(wanted) {
        kind.labelMode.isCandidate(label: images.labels[$0], target: target)
      }
      guard !planted.isEmpty else { continue }
      let others = take(Self.count(placebos, of: planted.count)) { _ in true }
      try kind.trigger(variant: 0, on: images.shape, seed: seed).stamp(&pixels, of: images.shape, at: planted)
      try kind.trigger(variant: 1, on: images.shape, seed: seed).stamp(&pixels, of: images.shape, at: others)
      for index in planted { labels[index] = target }
      controls.append(Control(kind: kind, target: target, planted: planted, placebos: others))
    }
    return (images.replacingUnchecked(labels: labels, pixels: pixels), controls)
  }

  /// ⌊share · total⌋, for a share that was meant in decimals.
  private static func count(_ share: Double, of total: Int) -> Int { Int(share * Double(total) + 1e-9) }
}
