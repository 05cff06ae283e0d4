import Compute

extension BatchAssembler {
  /// Writes the images at `indices`, each with another image of the set added to it, to `destination`, normalised,
  /// `[indices.count, height, width, channels]`. Sums of bytes are cut at 255.
  ///
  /// What an image shows is lost among what the other shows; a trigger remains. Source: STRIP (Gao et al., 2019),
  /// which adds images to find triggers in inputs.
  ///
  /// - Parameters:
  ///   - seed, draw: decide with an image's index which image is added; never itself, where there is another.
  ///   - destination: Room for all values; need not be initialised.
  package func assemble(
    _ indices: ArraySlice<Int>, superimposedBy seed: UInt64, draw: Int,
    into destination: UnsafeMutablePointer<Float>
  ) {
    let size = images.shape.count
    let channels = images.shape.channels
    images.pixels.withUnsafeBufferPointer { pixels in
      values.withUnsafeBufferPointer { values in
        var target = destination
        for index in indices {
          let image = images.pixelRange(of: index).lowerBound
          let other = images.pixelRange(of: partner(of: index, seed: seed, draw: draw)).lowerBound
          for offset in 0..<size {
            let sum = min(255, Int(pixels[image + offset]) + Int(pixels[other + offset]))
            target[offset] = values[256 * (offset % channels) + sum]
          }
          target += size
        }
      }
    }
  }

  /// The image that is added to another one.
  private func partner(of index: Int, seed: UInt64, draw: Int) -> Int {
    guard images.count > 1 else { return index }
    var stream = RandomStream(
      seed: seed, purpose: RandomPurpose("superimposed image"), epoch: draw, sample: index)
    return other(than: index, by: &stream)
  }

  /// Any other image of the set, each as likely; there is one.
  func other(than index: Int, by stream: inout RandomStream) -> Int {
    let drawn = stream.integer(below: images.count - 1)
    return drawn < index ? drawn : drawn + 1
  }
}
