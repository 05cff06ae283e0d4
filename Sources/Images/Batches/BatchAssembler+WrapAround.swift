extension BatchAssembler {
  /// Writes random views of the images at `indices` to `destination`, normalised,
  /// `[indices.count, height, width, channels]`.
  ///
  /// - Parameters:
  ///   - seed, epoch: decide with an image's index what is drawn for it.
  ///   - destination: Room for all values; need not be initialised.
  package func assemble(
    _ indices: ArraySlice<Int>, wrapped: WrapAround, seed: UInt64, epoch: Int,
    into destination: UnsafeMutablePointer<Float>
  ) {
    images.pixels.withUnsafeBufferPointer { pixels in
      var target = destination
      for index in indices {
        write(
          UnsafeBufferPointer(rebasing: pixels[images.pixelRange(of: index)]),
          changedBy: wrapped.sample(for: images.shape, seed: seed, epoch: epoch, sample: index),
          into: target)
        target += images.shape.count
      }
    }
  }

  private func write(
    _ source: UnsafeBufferPointer<UInt8>, changedBy outcome: WrapAround.Outcome,
    into target: UnsafeMutablePointer<Float>
  ) {
    let shape = images.shape
    let channels = shape.channels
    values.withUnsafeBufferPointer { values in
      for row in 0..<shape.height {
        let line = target + row * shape.rowCount
        let moved = row - outcome.rows
        let from = (moved < 0 ? moved + shape.height : moved) * shape.rowCount
        for column in 0..<shape.width {
          let place = column - outcome.columns
          let start = from + (place < 0 ? place + shape.width : place) * channels
          let to = line + (outcome.isMirrored ? shape.width - 1 - column : column) * channels
          for channel in 0..<channels {
            to[channel] = values[256 * channel + Int(source[start + channel])]
          }
        }
      }
    }
  }
}
