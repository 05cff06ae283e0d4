/// Fills batches for a network with the images of a set: varied, scaled and normalised.
///
/// What an image looks like in a batch depends on the seed, the epoch and its index in the set, not
/// on its place in the batch: a batch may be filled in pieces, by several threads.
package struct BatchAssembler: Sendable {
  package let images: ImageSet
  package let normalization: Normalization

  /// The network's value for every byte, `[channels, 256]`.
  let values: [Float]

  package init(images: ImageSet, normalization: Normalization) {
    precondition(
      normalization.mean.count == images.shape.channels, "a mean and a deviation per channel")
    self.images = images
    self.normalization = normalization
    values = (0..<images.shape.channels).flatMap { channel in
      (0..<256).map { normalization(Float($0) / 255, channel: channel) }
    }
  }

  /// Writes the images at `indices` to `destination`, `[indices.count, height, width, channels]`.
  ///
  /// - Parameters:
  ///   - augmentation: How the images are varied; `seed` and `epoch` decide what is drawn.
  ///   - view: Which of several views of the same image in the same epoch, from 0.
  ///   - destination: Room for all values; need not be initialised.
  package func assemble(
    _ indices: ArraySlice<Int>, augmentation: Augmentation = .none, seed: UInt64 = 0, epoch: Int = 0,
    view: Int = 0, into destination: UnsafeMutablePointer<Float>
  ) {
    withUnsafeTemporaryAllocation(byteCount: scratchByteCount, alignment: 64) { memory in
      guard let scratch = memory.baseAddress else { return }
      assemble(
        indices, augmentation: augmentation, seed: seed, epoch: epoch, view: view,
        into: destination, scratch: scratch)
    }
  }

  /// Bytes of scratch memory that `assemble` needs, a multiple of 64.
  package var scratchByteCount: Int {
    (max(2 * images.shape.count, ContrastiveView.Scratch.byteCount(for: images.shape)) + 63) & ~63
  }

  /// Does the same without allocating memory.
  ///
  /// - Parameter scratch: `scratchByteCount` bytes, aligned to 64.
  package func assemble(
    _ indices: ArraySlice<Int>, augmentation: Augmentation, seed: UInt64, epoch: Int, view: Int,
    into destination: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    let shape = images.shape
    if augmentation == .contrastive {
      return assembleViews(
        indices, view: view, seed: seed, epoch: epoch, into: destination,
        scratch: ContrastiveView.Scratch(scratch, for: shape))
    }
    let bytes = UnsafeMutableBufferPointer(
      start: scratch.bindMemory(to: UInt8.self, capacity: 2 * shape.count), count: 2 * shape.count)
    images.pixels.withUnsafeBufferPointer { pixels in
      var target = destination
      for index in indices {
        write(
          UnsafeBufferPointer(rebasing: pixels[images.pixelRange(of: index)]),
          changedBy: augmentation.sample(seed: seed, epoch: epoch, sample: index, view: view),
          scratch: bytes, into: target)
        target += shape.count
      }
    }
  }

  /// Writes τ of the images at `indices` to `destination`, `[indices.count, height, width, channels]`.
  ///
  /// - Parameters:
  ///   - transformation: τ, drawn for each image from `seed`, its index, and `draw`.
  ///   - destination: Room for all values; need not be initialised.
  package func assemble(
    _ indices: ArraySlice<Int>, transformation: RandomTransformation, seed: UInt64, draw: Int = 0,
    into destination: UnsafeMutablePointer<Float>
  ) {
    var target = destination
    for index in indices {
      let steps = transformation.sample(for: images.shape, seed: seed, draw: draw, sample: index)
      let result = steps.reduce(TransformedImage.bytes(images[index])) { $1($0) }
      switch result {
      case .bytes(let image):
        image.pixels.withUnsafeBufferPointer { write($0, into: target) }
      case .scaled(let image):
        for (position, value) in image.pixels.enumerated() {
          target[position] = normalization(value, channel: position % image.shape.channels)
        }
      }
      target += images.shape.count
    }
  }

  private func write(
    _ source: UnsafeBufferPointer<UInt8>, changedBy outcome: Augmentation.Outcome,
    scratch: UnsafeMutableBufferPointer<UInt8>, into target: UnsafeMutablePointer<Float>
  ) {
    let shape = images.shape
    if let degrees = outcome.rotationBeforeFlip {
      let turned = UnsafeMutableBufferPointer(rebasing: scratch[..<shape.count])
      Geometry.rotate(source, shape: shape, degrees: degrees, into: turned)
      write(UnsafeBufferPointer(turned), isFlipped: outcome.isFlipped, into: target)
    } else if let degrees = outcome.rotationAfterFlip {
      let moved = UnsafeMutableBufferPointer(rebasing: scratch[..<shape.count])
      let turned = UnsafeMutableBufferPointer(rebasing: scratch[shape.count...])
      Geometry.translate(
        source, shape: shape, x: outcome.shiftX, y: outcome.shiftY, isFlipped: outcome.isFlipped,
        into: moved)
      Geometry.rotate(UnsafeBufferPointer(moved), shape: shape, degrees: degrees, into: turned)
      write(UnsafeBufferPointer(turned), into: target)
    } else {
      write(
        source, shiftX: outcome.shiftX, shiftY: outcome.shiftY, isFlipped: outcome.isFlipped,
        into: target)
    }
  }

  /// Normalises an image into `target`, moved by whole pixels and then flipped.
  private func write(
    _ source: UnsafeBufferPointer<UInt8>, shiftX: Int = 0, shiftY: Int = 0, isFlipped: Bool = false,
    into target: UnsafeMutablePointer<Float>
  ) {
    let shape = images.shape
    let channels = shape.channels
    // The columns and rows of the moved image that show the source.
    let columns = max(0, shiftX)..<max(0, shiftX, shape.width + min(0, shiftX))
    let rows = max(0, shiftY)..<max(0, shiftY, shape.height + min(0, shiftY))
    values.withUnsafeBufferPointer { values in
      for row in 0..<shape.height {
        let line = target + row * shape.rowCount
        let from = (row - shiftY) * shape.rowCount - shiftX * channels
        for column in 0..<shape.width {
          let to = line + (isFlipped ? shape.width - 1 - column : column) * channels
          let isInside = rows.contains(row) && columns.contains(column)
          for channel in 0..<channels {
            let byte = isInside ? Int(source[from + column * channels + channel]) : 0
            to[channel] = values[256 * channel + byte]
          }
        }
      }
    }
  }
}
