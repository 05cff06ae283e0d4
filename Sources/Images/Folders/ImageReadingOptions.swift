/// How image files are brought to one shape.
package struct ImageReadingOptions: Sendable {
  /// How many channels images get.
  package enum Channels: Hashable, Sendable {
    /// One when all images are grey, otherwise three.
    case asTheyAre
    case grey
    case colour
  }

  /// `nil` leaves images as they are; all must have the same size then.
  package var size: ImageSize?
  package var fit: ImageFit
  package var channels: Channels
  /// Whether a file that cannot be read is an error; otherwise it is left out.
  package var isStrict: Bool
  /// Bytes that the pixels of all images may take.
  package var memoryLimit: Int
  /// Pixels that a file may have, as it is.
  package var pixelLimit: Int

  /// What a photograph may have: above, Pillow warns of decompression bombs.
  package static let largestPixelCount = 89_478_485

  package init(
    size: ImageSize? = nil, fit: ImageFit = .stretch, channels: Channels = .asTheyAre, isStrict: Bool = false,
    memoryLimit: Int = .max, pixelLimit: Int = largestPixelCount
  ) {
    self.size = size
    self.fit = fit
    self.channels = channels
    self.isStrict = isStrict
    self.memoryLimit = memoryLimit
    self.pixelLimit = pixelLimit
  }
}
