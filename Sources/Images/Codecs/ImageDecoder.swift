import CImageCodecs

/// Decodes PNG, JPEG and WebP files into memory that it keeps. One thread at a time uses it.
final class ImageDecoder {
  /// An image in the decoder's memory, until it decodes another one.
  struct Decoded {
    /// `[height, width, channels]`, one channel (grey) or three (red, green, blue).
    let pixels: UnsafePointer<UInt8>
    let shape: ImageShape
    let traits: ImageFileTraits
    /// What the codec found wrong and went on, in its words.
    let warning: String?
  }

  private let decoder: OpaquePointer

  /// - Throws: `ImageFileProblem.noMemory`.
  init() throws(ImageFileProblem) {
    guard let decoder = winnow_image_decoder_create() else { throw .noMemory }
    self.decoder = decoder
  }

  deinit { winnow_image_decoder_destroy(decoder) }

  /// Decodes a file as Pillow does when it converts to grey or red, green and blue: of 16 bits a channel the
  /// upper eight, inks as light, transparency dropped. Orientation is not looked at.
  ///
  /// - Parameter pixelLimit: no memory is taken for more pixels, whatever the header says.
  func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, pixelLimit: Int
  ) throws(ImageFileProblem) -> Decoded {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { throw .empty }
    var image = winnow_image()
    let status = winnow_image_decode(decoder, base, bytes.count, Int64(pixelLimit), &image)
    let message = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    switch status {
    case winnow_image_decoded: break
    case winnow_image_unknown_format: throw .unknownFormat
    case winnow_image_too_large:
      throw .tooManyPixels(width: Int(image.width), height: Int(image.height), limit: pixelLimit)
    case winnow_image_truncated: throw .truncated
    case winnow_image_unsupported: throw .unsupported(message)
    case winnow_image_no_memory: throw .noMemory
    default: throw .damaged(message)
    }
    guard let pixels = image.pixels else { throw .noMemory }
    var traits: ImageFileTraits = []
    if image.bits == 16 { traits.insert(.sixteenBits) }
    if image.had_alpha { traits.insert(.alpha) }
    if image.was_cmyk { traits.insert(.inks) }
    return Decoded(
      pixels: pixels,
      shape: ImageShape(
        height: Int(image.height), width: Int(image.width), channels: Int(image.channels)),
      traits: traits, warning: image.warnings > 0 ? message : nil)
  }
}

/// What was done to the pixels of a file, of which a user should know.
package struct ImageFileTraits: OptionSet, Hashable, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// There were 16 bits a channel.
  package static let sixteenBits = ImageFileTraits(rawValue: 1)
  /// There was transparency.
  package static let alpha = ImageFileTraits(rawValue: 2)
  /// The colours were inks (CMYK).
  package static let inks = ImageFileTraits(rawValue: 4)
  /// The camera was held otherwise, and the image was turned.
  package static let turned = ImageFileTraits(rawValue: 8)

  /// Each by itself.
  package static let each: [ImageFileTraits] = [.sixteenBits, .alpha, .inks, .turned]
}
