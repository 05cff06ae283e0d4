import Images

/// What a steganography network is made for: square images, and messages of so many bits.
package struct SteganographyShape: Hashable, Sendable, Codable {
  /// Height and width of the images: a multiple of 32.
  package let side: Int
  package let channels: Int
  package let bits: Int

  /// - Throws: `AttackError.notForSteganography` for images that no such network takes.
  package init(_ image: ImageShape, bits: Int) throws(AttackError) {
    guard image.height == image.width, image.height.isMultiple(of: 32), image.height <= 1024 else {
      throw .notForSteganography(image)
    }
    side = image.height
    channels = image.channels
    self.bits = bits
  }

  package var image: ImageShape { ImageShape(height: side, width: side, channels: channels) }

  /// The message lies on a square of this side, which is then enlarged to the image's.
  static let mapSide = 16
  static let mapChannels = 3
  static let mapCount = mapSide * mapSide * mapChannels
}
