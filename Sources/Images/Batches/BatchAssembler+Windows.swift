import Compute

extension BatchAssembler {
  /// Writes, for each of the images at `indices`, another image of the set with a window of the first over it, to
  /// `destination`, normalised, `[indices.count, height, width, channels]`.
  ///
  /// The other one has another label, where there is such a one among the first few that are drawn. Half of an image on
  /// top of something else is rarely taken for what the whole shows; a small trigger that lies in the window is there
  /// as it was.
  ///
  /// - Parameters:
  ///   - window: which one of the grid.
  ///   - seed: decides with that and an image's index which image is below.
  ///   - destination: Room for all values; need not be initialised.
  package func assemble(
    _ indices: ArraySlice<Int>, window: Int, of grid: WindowGrid, seed: UInt64,
    into destination: UnsafeMutablePointer<Float>
  ) {
    let shape = images.shape
    let (rows, columns) = grid.window(window, of: shape)
    images.pixels.withUnsafeBufferPointer { pixels in
      values.withUnsafeBufferPointer { values in
        var target = destination
        for index in indices {
          let image = images.pixelRange(of: index).lowerBound
          let other = images.pixelRange(of: background(of: index, seed: seed, window: window)).lowerBound
          var offset = 0
          for row in 0..<shape.height {
            for column in 0..<shape.width {
              let source = rows.contains(row) && columns.contains(column) ? image : other
              for channel in 0..<shape.channels {
                target[offset] = values[256 * channel + Int(pixels[source + offset])]
                offset += 1
              }
            }
          }
          target += shape.count
        }
      }
    }
  }

  /// The image below the window of another one.
  private func background(of index: Int, seed: UInt64, window: Int) -> Int {
    guard images.count > 1 else { return index }
    var stream = RandomStream(
      seed: seed, purpose: RandomPurpose("image below a window"), epoch: window, sample: index)
    var found = index
    for _ in 0..<16 {
      found = other(than: index, by: &stream)
      if images.labels[found] != images.labels[index] { break }
    }
    return found
  }
}
