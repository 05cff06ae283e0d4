import Images

/// Images of a set that were perturbed before they are poisoned.
package struct PerturbedImages: Sendable {
  /// Those that were perturbed, in the order of `indices`.
  package let images: ImageSet
  /// The index of each of them in the set that they come from.
  package let indices: [Int]

  package init(images: ImageSet, indices: [Int]) {
    precondition(images.count == indices.count, "an index for each image")
    self.images = images
    self.indices = indices
  }

  /// Puts the perturbed images at some places of `pixels`, `[count, height, width, channels]`.
  ///
  /// - Throws: `AttackError.otherPerturbedImages` where one of them was not perturbed.
  func replace(
    _ chosen: [Int], of pixels: inout [UInt8], shape: ImageShape
  ) throws(AttackError) {
    var places: [Int: Int] = [:]
    for (place, index) in indices.enumerated() { places[index] = place }
    for index in chosen {
      guard let place = places[index], images.shape == shape else {
        throw .otherPerturbedImages(image: index)
      }
      let start = index * shape.count
      pixels.replaceSubrange(start..<start + shape.count, with: images.pixels[images.pixelRange(of: place)])
    }
  }
}
