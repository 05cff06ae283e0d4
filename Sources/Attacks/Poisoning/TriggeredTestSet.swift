import Images

/// The test images with the trigger on them, on which the success of an attack is measured.
///
/// Attacks with a target class leave its images out: that they are classified so says nothing.
package struct TriggeredTestSet: Sendable {
  /// The triggered images, with their true labels.
  package let images: ImageSet

  /// The label that the attacker wants for each image.
  package let attackerLabels: [Int]

  /// The index of each image in the test set that it comes from, ascending.
  package let originalIndices: [Int]

  /// Puts the test face of `attack` on `testImages`.
  ///
  /// - Throws: `AttackError` when there is no such class, no image is left, or the trigger does not
  ///   fit.
  package init(
    _ testImages: ImageSet, attack: any Attack, target: Int
  ) throws(AttackError) {
    try attack.checkTarget(target, classCount: testImages.classCount)
    let indices = testImages.labels.indices.filter {
      attack.labelMode.isTested(label: testImages.labels[$0], target: target)
    }
    guard !indices.isEmpty else { throw .nothingToTest(target: target) }
    let chosen = testImages.subset(indices)
    var pixels = chosen.pixels
    try attack.testTrigger.stamp(&pixels, of: chosen.shape, at: Array(indices.indices), samples: indices)
    images = chosen.replacingUnchecked(labels: chosen.labels, pixels: pixels)
    attackerLabels = chosen.labels.map {
      attack.labelMode.attackerLabel(for: $0, target: target, classCount: testImages.classCount)
    }
    originalIndices = indices
  }
}
