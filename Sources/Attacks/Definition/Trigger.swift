import Images

/// A change of an image's pixels that makes a network with a backdoor answer with the attacker's label.
package protocol Trigger: Sendable {
  /// Puts the trigger on one image, `[height, width, channels]`; `sample` is the image's index in its set,
  /// for triggers that are not the same on all.
  typealias Stamp = (_ pixels: UnsafeMutableBufferPointer<UInt8>, _ sample: Int) -> Void

  /// The least height and width of an image that the trigger fits on. The default is 1.
  var smallestSide: Int { get }

  /// Whether the trigger can be put on images of a shape. The default asks for `smallestSide`.
  ///
  /// - Throws: `AttackError` when it cannot.
  func check(_ shape: ImageShape) throws(AttackError)

  /// How the trigger is put on images of a shape: what is the same for all of them is computed once.
  func stamp(for shape: ImageShape) -> Stamp

  /// Puts the trigger on the images at `indices` of `pixels`, `[count, height, width, channels]`. The default
  /// does so one by one.
  ///
  /// - Parameter samples: the index of each of them in its set.
  func stamp(
    _ pixels: UnsafeMutableBufferPointer<UInt8>, of shape: ImageShape, at indices: [Int],
    samples: [Int])
}

extension Trigger {
  package var smallestSide: Int { 1 }

  package func check(_ shape: ImageShape) throws(AttackError) {
    guard min(shape.height, shape.width) >= smallestSide else {
      throw .imageTooSmall(shape, needed: smallestSide)
    }
  }

  package func stamp(
    _ pixels: UnsafeMutableBufferPointer<UInt8>, of shape: ImageShape, at indices: [Int],
    samples: [Int]
  ) {
    let stamp = stamp(for: shape)
    for (index, sample) in zip(indices, samples) {
      let range = index * shape.count..<(index + 1) * shape.count
      stamp(UnsafeMutableBufferPointer(rebasing: pixels[range]), sample)
    }
  }

  /// The image with the trigger on it.
  ///
  /// - Throws: `AttackError` when the trigger cannot be put on such images.
  package func stamped(_ image: Image<UInt8>, sample: Int = 0) throws(AttackError) -> Image<UInt8> {
    var image = image
    try stamp(&image.pixels, of: image.shape, at: [0], samples: [sample])
    return image
  }

  /// Puts the trigger on the images at `indices` of `pixels`, `[count, height, width, channels]`.
  ///
  /// - Parameter samples: the index of each of them in its set, where that is another one.
  /// - Throws: `AttackError` when the trigger cannot be put on such images; no pixel is changed then.
  func stamp(
    _ pixels: inout [UInt8], of shape: ImageShape, at indices: [Int], samples: [Int]? = nil
  ) throws(AttackError) {
    try check(shape)
    pixels.withUnsafeMutableBufferPointer {
      stamp($0, of: shape, at: indices, samples: samples ?? indices)
    }
  }
}
