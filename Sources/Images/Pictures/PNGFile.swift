import CPNG
import SystemPackage

/// Single pictures in PNG files: those that attacks put on images, and sheets of images to look at.
package enum PNGFile {
  /// The largest file that is read, in bytes.
  private static let largestFile = 1 << 26

  /// Reads a picture as it is shown: of 16 bits a channel the upper eight, palettes as colours.
  ///
  /// - Parameter pixelLimit: no memory is taken for more pixels, whatever the file promises.
  /// - Returns: `[height, width, channels]`, channels 1 (grey), 3 (red, green, blue) or 4 (opacity as well).
  /// - Throws: `ImageReaderError` when there is no such file, `PNGError` when it is no picture.
  package static func read(_ path: FilePath, pixelLimit: Int) throws -> Image<UInt8> {
    let file = try InputFile(path)
    guard file.size <= largestFile else { throw PNGError(path, .fileTooLarge(limit: largestFile)) }
    var bytes = [UInt8](repeating: 0, count: file.size)
    bytes.removeLast(bytes.count - (try file.read(into: &bytes)))
    do {
      return try decode(bytes, pixelLimit: pixelLimit)
    } catch {
      throw PNGError(path, error)
    }
  }

  private static func decode(
    _ bytes: [UInt8], pixelLimit: Int
  ) throws(PNGError.Reason) -> Image<UInt8> {
    var control = png_image()
    control.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&control) }
    guard !bytes.isEmpty else { throw .notAPicture(detail: "the file is empty") }
    guard png_image_begin_read_from_memory(&control, bytes, bytes.count) != 0 else {
      throw .notAPicture(detail: control.text)
    }
    let (height, width) = (Int(control.height), Int(control.width))
    let (pixelCount, overflow) = height.multipliedReportingOverflow(by: width)
    guard pixelCount > 0, !overflow, pixelCount <= pixelLimit else {
      throw .tooManyPixels(height: height, width: width, limit: pixelLimit)
    }
    let hasOpacity = control.format & flag(PNG_FORMAT_FLAG_ALPHA) != 0
    // There is no grey with opacity here.
    let hasColour = hasOpacity || control.format & flag(PNG_FORMAT_FLAG_COLOR) != 0
    let channels = hasOpacity ? 4 : hasColour ? 3 : 1
    control.format =
      (hasOpacity ? flag(PNG_FORMAT_FLAG_ALPHA) : 0) | (hasColour ? flag(PNG_FORMAT_FLAG_COLOR) : 0)
    var pixels = [UInt8](repeating: 0, count: pixelCount * channels)
    guard png_image_finish_read(&control, nil, &pixels, png_int_32(width * channels), nil) != 0 else {
      throw .notAPicture(detail: control.text)
    }
    return Image(
      pixels: pixels, shape: ImageShape(height: height, width: width, channels: channels))
  }

  /// The bytes of a file of a picture; equal pictures give equal bytes.
  ///
  /// - Parameter image: `[height, width, channels]`, channels 1 (grey), 3 or 4.
  /// - Throws: `PNGError.Reason` for other numbers of channels, or what the library finds.
  package static func encode(_ image: Image<UInt8>) throws(PNGError.Reason) -> [UInt8] {
    var control = png_image()
    control.version = png_uint_32(PNG_IMAGE_VERSION)
    control.width = png_uint_32(image.shape.width)
    control.height = png_uint_32(image.shape.height)
    defer { png_image_free(&control) }
    switch image.shape.channels {
    case 1: control.format = 0
    case 3: control.format = flag(PNG_FORMAT_FLAG_COLOR)
    case 4: control.format = flag(PNG_FORMAT_FLAG_COLOR) | flag(PNG_FORMAT_FLAG_ALPHA)
    default: throw .notEncodable(image.shape, detail: "1, 3 or 4 channels are")
    }
    let stride = png_int_32(image.shape.rowCount)
    var size = 0
    guard png_image_write_to_memory(&control, nil, &size, 0, image.pixels, stride, nil) != 0 else {
      throw .notEncodable(image.shape, detail: control.text)
    }
    var bytes = [UInt8](repeating: 0, count: size)
    guard png_image_write_to_memory(&control, &bytes, &size, 0, image.pixels, stride, nil) != 0 else {
      throw .notEncodable(image.shape, detail: control.text)
    }
    bytes.removeLast(bytes.count - size)
    return bytes
  }

  private static func flag(_ value: UInt32) -> png_uint_32 { png_uint_32(value) }
}

extension png_image {
  /// What the library says.
  fileprivate var text: String {
    withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
