extension BatchAssembler {
  /// Writes contrastive views of the images at `indices` to `destination`, normalised,
  /// `[indices.count, height, width, channels]`.
  func assembleViews(
    _ indices: ArraySlice<Int>, view: Int, seed: UInt64, epoch: Int,
    into destination: UnsafeMutablePointer<Float>, scratch: ContrastiveView.Scratch
  ) {
    let shape = images.shape
    images.pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      var target = destination
      for index in indices {
        let drawn = ContrastiveView.sample(
          for: shape, seed: seed, epoch: epoch, sample: index, view: view)
        drawn.render(
          base + images.pixelRange(of: index).lowerBound, shape: shape, scratch: scratch)
        interleave(scratch.planes, into: target)
        target += shape.count
      }
    }
  }

  /// Normalises planes of whole numbers from 0 to 255.
  private func interleave(
    _ planes: UnsafeMutablePointer<Float>, into target: UnsafeMutablePointer<Float>
  ) {
    let pixels = images.shape.height * images.shape.width
    let channels = images.shape.channels
    for channel in 0..<channels {
      let (mean, deviation) = (
        normalization.mean[channel], normalization.standardDeviation[channel]
      )
      let plane = planes + channel * pixels
      for pixel in 0..<pixels {
        target[pixel &* channels &+ channel] = (plane[pixel] / 255 - mean) / deviation
      }
    }
  }
}
