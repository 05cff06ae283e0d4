import SystemPackage

/// Reads and decodes image files, one after the other, into memory that it keeps. One thread at a time uses it.
final class ImageFileReader {
  /// An image in the reader's memory, until it reads another one.
  struct Result {
    /// `[height, width, channels]`
    let pixels: UnsafePointer<UInt8>
    let shape: ImageShape
    let traits: ImageFileTraits
    /// What the codec found wrong and went on.
    let warning: String?
  }

  /// Most bytes of a file, and most pixels of an image, that are read.
  struct Limits {
    let bytes: Int
    let pixels: Int

    /// What one thread alone reads.
    static func alone(_ options: ImageReadingOptions) -> Limits {
      Limits(bytes: 1 << 29, pixels: options.pixelLimit)
    }

    /// What many threads may read at the same time.
    static func together(_ options: ImageReadingOptions) -> Limits {
      Limits(bytes: 8 << 20, pixels: min(8 << 20, options.pixelLimit))
    }
  }

  private let options: ImageReadingOptions
  private let limits: Limits
  private let decoder: ImageDecoder
  private var fitter: ImageFitter?
  private var bytes: [UInt8] = []
  private let turned = ByteBuffer()
  private let grey = ByteBuffer()
  private let fitted = ByteBuffer()

  init(_ options: ImageReadingOptions, limits: Limits) throws(ImageFileProblem) {
    self.options = options
    self.limits = limits
    decoder = try ImageDecoder()
    fitter = options.size.map { ImageFitter(size: $0, fit: options.fit) }
  }

  /// - Throws: `ImageFileProblem`, `.tooManyBytes` and `.tooManyPixels` for what is above the limits.
  func read(_ path: FilePath) throws(ImageFileProblem) -> Result {
    let count = try load(path)
    var problem: ImageFileProblem?
    let result = bytes.withUnsafeBufferPointer { buffer in
      do throws(ImageFileProblem) {
        return try decode(UnsafeBufferPointer(rebasing: buffer[..<count])) as Result?
      } catch {
        problem = error
        return nil
      }
    }
    if let problem { throw problem }
    guard let result else { throw .noMemory }
    return result
  }

  private func decode(_ file: UnsafeBufferPointer<UInt8>) throws(ImageFileProblem) -> Result {
    let decoded = try decoder.decode(file, pixelLimit: limits.pixels)
    var (pixels, shape, traits) = (decoded.pixels, decoded.shape, decoded.traits)
    let orientation = ImageOrientation(ofFile: file)
    if orientation != .upright {
      let target = turned.reserve(shape.count)
      orientation.turn(pixels, shape: shape, into: target)
      (pixels, shape) = (UnsafePointer(target), orientation.shape(of: shape))
      traits.insert(.turned)
    }
    if options.channels == .grey, shape.channels == 3 {
      let count = shape.height * shape.width
      let target = grey.reserve(count)
      for pixel in 0..<count {
        target[pixel] = .brightness(
          red: pixels[3 * pixel], green: pixels[3 * pixel + 1], blue: pixels[3 * pixel + 2])
      }
      (pixels, shape) = (
        UnsafePointer(target), ImageShape(height: shape.height, width: shape.width, channels: 1)
      )
    }
    if let size = options.size {
      let result = ImageShape(height: size.height, width: size.width, channels: shape.channels)
      let target = fitted.reserve(result.count)
      fitter?.apply(pixels, shape: shape, into: target)
      (pixels, shape) = (UnsafePointer(target), result)
    }
    return Result(pixels: pixels, shape: shape, traits: traits, warning: decoded.warning)
  }

  /// Reads the file into `bytes` and returns how many there are.
  private func load(_ path: FilePath) throws(ImageFileProblem) -> Int {
    do throws(ImageReaderError) {
      let file = try InputFile(path)
      if file.size > limits.bytes { throw ImageReaderError(path, .system(.fileTooLarge)) }
      if bytes.count < file.size { bytes = [UInt8](repeating: 0, count: file.size) }
      return try bytes.withUnsafeMutableBufferPointer { buffer throws(ImageReaderError) in
        try file.read(into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<file.size]))
      }
    } catch {
      switch error.reason {
      case .notAFile: throw .notAFile
      case .system(.fileTooLarge):
        throw .tooManyBytes(Int((try? Stat(path))?.size ?? 0), limit: limits.bytes)
      case .system(let code): throw .unreadable(code)
      default: throw .unreadable(.ioError)
      }
    }
  }
}
