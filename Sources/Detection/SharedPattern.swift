import Images

/// A pattern that some images of a class have in common and the others of it do not have.
package struct SharedPattern: Hashable, Sendable {
  /// The class.
  package let label: Int
  /// What the images with it have on average and the others do not, less its local mean, `[height, width, channels]`; in
  /// units of pixels, 0 to 255.
  package let values: [Double]
  /// The samples of the class, and how probable it is that each has the pattern.
  package let members: [Int]
  package let probabilities: [Double]
  /// How far the two clusters lie apart along the pattern, in standard deviations of one: the lesser of two numbers, each
  /// of one half of the class by the pattern of the other half. Where there are no two clusters, 2.7.
  package let separation: Double

  package init(label: Int, values: [Double], members: [Int], probabilities: [Double], separation: Double) {
    self.label = label
    self.values = values
    self.members = members
    self.probabilities = probabilities
    self.separation = separation
  }

  /// The samples that have it.
  package var owners: [Int] { zip(members, probabilities).filter { $0.1 >= 0.5 }.map(\.0) }

  /// Its root mean square.
  package var strength: Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(max(values.count, 1))).squareRoot()
  }

  /// What the others have and these do not.
  package var reversed: SharedPattern {
    SharedPattern(
      label: label, values: values.map { -$0 }, members: members, probabilities: probabilities.map { 1 - $0 },
      separation: separation)
  }

  /// An image with the pattern added, `factor` times as strong, and cut off where pixels end.
  ///
  /// - Parameter image: `[height, width, channels]`.
  package func added(to image: some Sequence<UInt8>, factor: Double) -> [UInt8] {
    zip(image, values).map { UInt8(min(max(Double($0) + factor * $1, 0), 255).rounded()) }
  }
}
