/// Fills batches for a network with the images of a set: varied, scaled and normalised.
///
/// What an image looks like in a batch depends on the seed, the epoch and its index in the set, not
/// on its place in the batch: a batch may be filled in pieces, by several threads.
public struct BatchAssembler: Sendable {
  public let images: ImageSet
  public let normalization: Normalization

  /// The network's value for every byte, `[channels, 256]`.
  private let values: [Float]

  public init(images: ImageSet, normalization: Normalization) {
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
  ///   - destination: Room for all values; need not be initialised.
  public func assemble(
    _ indices: ArraySlice<Int>, augmentation: Augmentation = .none, seed: UInt64 = 0, epoch: Int = 0,
    into destination: UnsafeMutablePointer<Float>
  ) {
    let shape = images.shape
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * shape.count) { scratch in
      images.pixels.withUnsafeBufferPointer { pixels in
        var target = destination
        for index in indices {
          write(
            UnsafeBufferPointer(rebasing: pixels[images.pixelRange(of: index)]),
            changedBy: augmentation.sample(seed: seed, epoch: epoch, sample: index),
            scratch: scratch, into: target)
          target += shape.count
        }
      }
    }
  }

  /// Writes τ of the images at `indices` to `destination`, `[indices.count, height, width, channels]`.
  ///
  /// - Parameters:
  ///   - transformation: τ, drawn for each image from `seed`, its index, and `draw`.
  ///   - destination: Room for all values; need not be initialised.
  public func assemble(
    _ indices: ArraySlice<Int>, transformation: RandomTransformation, seed: UInt64, draw: Int = 0,
    into destination: UnsafeMutablePointer<Float>
  ) {
    var target = destination
    for index in indices {
      let steps = transformation.sample(for: images.shape, seed: seed, draw: draw, sample: index)
      let result = steps.reduce(TransformedImage.bytes(images[index])) { $1($0) }
      switch result {
      case .bytes(let image):
        image.pixels.withUnsafeBufferPointer {
          write($0, shiftX: 0, shiftY: 0, isFlipped: false, into: target)
        }
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
      let rotated = UnsafeMutableBufferPointer(rebasing: scratch[..<shape.count])
      Geometry.rotate(source, shape: shape, degrees: degrees, into: rotated)
      write(
        UnsafeBufferPointer(rotated), shiftX: 0, shiftY: 0, isFlipped: outcome.isFlipped, into: target)
    } else if let degrees = outcome.rotationAfterFlip {
      let first = UnsafeMutableBufferPointer(rebasing: scratch[..<shape.count])
      let second = UnsafeMutableBufferPointer(rebasing: scratch[shape.count...])
      Geometry.translate(source, shape: shape, x: outcome.shiftX, y: outcome.shiftY, into: first)
      if outcome.isFlipped {
        Geometry.flip(UnsafeBufferPointer(first), shape: shape, into: second)
        Geometry.rotate(UnsafeBufferPointer(second), shape: shape, degrees: degrees, into: first)
        write(UnsafeBufferPointer(first), shiftX: 0, shiftY: 0, isFlipped: false, into: target)
      } else {
        Geometry.rotate(UnsafeBufferPointer(first), shape: shape, degrees: degrees, into: second)
        write(UnsafeBufferPointer(second), shiftX: 0, shiftY: 0, isFlipped: false, into: target)
      }
    } else {
      write(
        source, shiftX: outcome.shiftX, shiftY: outcome.shiftY, isFlipped: outcome.isFlipped,
        into: target)
    }
  }

  /// Normalises an image into `target`, moved by whole pixels and then flipped.
  private func write(
    _ source: UnsafeBufferPointer<UInt8>, shiftX: Int, shiftY: Int, isFlipped: Bool,
    into target: UnsafeMutablePointer<Float>
  ) {
    let shape = images.shape
    let channels = shape.channels
    values.withUnsafeBufferPointer { values in
      // The columns of the moved image that show the source.
      let covered = max(0, shiftX)..<max(max(0, shiftX), min(shape.width, shape.width + shiftX))
      for row in 0..<shape.height {
        let line = target + row * shape.rowCount
        let sourceRow = row - shiftY
        let isInside = sourceRow >= 0 && sourceRow < shape.height
        let sourceLine = isInside ? sourceRow * shape.rowCount - shiftX * channels : 0
        for column in 0..<shape.width {
          let to = line + (isFlipped ? shape.width - 1 - column : column) * channels
          if isInside && covered.contains(column) {
            for channel in 0..<channels {
              to[channel] = values[256 * channel + Int(source[sourceLine + column * channels + channel])]
            }
          } else {
            for channel in 0..<channels { to[channel] = values[256 * channel] }
          }
        }
      }
    }
  }
}
