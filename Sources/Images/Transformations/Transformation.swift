/// A change of an image with all its parameters fixed, one outcome of a random transformation τ.
package enum Transformation: Hashable, Sendable {
  /// Rotation about the centre, counter-clockwise, nearest neighbour, black where nothing was.
  case rotate(degrees: Double)
  /// Moving the content to the right and down by whole pixels, black where nothing was.
  case translate(x: Int, y: Int)
  /// Swapping left and right.
  case flip
  /// Adding a black border of `padding` pixels and cutting the old size out at `top` and `left`.
  case crop(top: Int, left: Int, padding: Int)
  /// Gaussian blur with a kernel of 15 × 15 pixels and standard deviation `sigma`, in pixels.
  case blur(sigma: Double)
  /// Overwriting a rectangle with noise on the scale from 0 to 1, not clipped to it.
  case erase(Erasure)

  /// A rectangle and what is written into it.
  package struct Erasure: Hashable, Sendable {
    package let top: Int
    package let left: Int
    package let height: Int
    package let width: Int

    /// `[height, width, channels]`.
    package let noise: [Float]

    package init(top: Int, left: Int, height: Int, width: Int, noise: [Float]) {
      self.top = top
      self.left = left
      self.height = height
      self.width = width
      self.noise = noise
    }
  }

  /// The changed image.
  ///
  /// Bytes stay bytes, except that `erase` leads over to floating-point values.
  package func callAsFunction(_ image: TransformedImage) -> TransformedImage {
    switch (self, image) {
    case (.rotate(let degrees), .bytes(let image)): .bytes(image.rotated(degrees: degrees))
    case (.rotate(let degrees), .scaled(let image)): .scaled(image.rotated(degrees: degrees))
    case (.translate(let x, let y), .bytes(let image)): .bytes(image.translated(x: x, y: y))
    case (.translate(let x, let y), .scaled(let image)): .scaled(image.translated(x: x, y: y))
    case (.flip, .bytes(let image)): .bytes(image.flipped())
    case (.flip, .scaled(let image)): .scaled(image.flipped())
    case (.crop(let top, let left, let padding), _):
      Transformation.translate(x: padding - left, y: padding - top)(image)
    case (.blur(let sigma), .bytes(let image)): .bytes(GaussianBlur(sigma: sigma)(image))
    case (.blur(let sigma), .scaled(let image)): .scaled(GaussianBlur(sigma: sigma)(image))
    case (.erase(let erasure), _): .scaled(erasure(image.scaled))
    }
  }
}

extension Transformation.Erasure {
  fileprivate func callAsFunction(_ image: Image<Float>) -> Image<Float> {
    let channels = image.shape.channels
    precondition(noise.count == height * width * channels, "one number per value of the rectangle")
    var result = image
    for row in 0..<height {
      for column in 0..<width {
        for channel in 0..<channels {
          result[top + row, left + column, channel] =
            noise[(row * width + column) * channels + channel]
        }
      }
    }
    return result
  }
}

/// What a transformation gives: bytes as long as that is possible, otherwise values from 0 to 1.
package enum TransformedImage: Hashable, Sendable {
  case bytes(Image<UInt8>)
  case scaled(Image<Float>)

  package var shape: ImageShape {
    switch self {
    case .bytes(let image): image.shape
    case .scaled(let image): image.shape
    }
  }

  /// The values from 0 to 1; bytes are divided by 255.
  package var scaled: Image<Float> {
    switch self {
    case .bytes(let image):
      Image(pixels: image.pixels.map { Float($0) / 255 }, shape: image.shape)
    case .scaled(let image): image
    }
  }
}
