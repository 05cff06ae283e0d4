import Images

/// A change of an image's pixels that makes a network with a backdoor answer with the attacker's label.
package protocol Trigger: Sendable {
  /// The least height and width of an image that the trigger fits on.
  var smallestSide: Int { get }

  /// Puts the trigger on one image, `[height, width, channels]`.
  func stamp(_ pixels: UnsafeMutableBufferPointer<UInt8>, shape: ImageShape)
}

extension Trigger {
  package var smallestSide: Int { 1 }

  /// The image with the trigger on it.
  ///
  /// - Throws: `AttackError.imageTooSmall`.
  package func stamped(_ image: Image<UInt8>) throws(AttackError) -> Image<UInt8> {
    var image = image
    try stamp(&image.pixels, of: image.shape, at: CollectionOfOne(0))
    return image
  }

  /// Puts the trigger on the images at `indices` of `pixels`, `[count, height, width, channels]`.
  ///
  /// - Throws: `AttackError.imageTooSmall`; no pixel is changed then.
  func stamp(
    _ pixels: inout [UInt8], of shape: ImageShape, at indices: some Sequence<Int>
  ) throws(AttackError) {
    guard min(shape.height, shape.width) >= smallestSide else {
      throw .imageTooSmall(shape, needed: smallestSide)
    }
    pixels.withUnsafeMutableBufferPointer { pixels in
      for index in indices {
        let range = index * shape.count..<(index + 1) * shape.count
        stamp(UnsafeMutableBufferPointer(rebasing: pixels[range]), shape: shape)
      }
    }
  }
}
