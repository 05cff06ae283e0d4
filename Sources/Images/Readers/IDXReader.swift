import SystemPackage

/// Reads images and labels in the IDX format of MNIST and Fashion-MNIST.
///
/// Numbers of the header are four bytes each, most significant first. Images: 0x00000803, their
/// number, rows, columns, then the pixel bytes. Labels: 0x00000801, their number, then the bytes.
/// Whether a file is packed with gzip is seen by its first bytes, not by its name.
struct IDXReader {
  /// More than this many bytes of pixels are taken for a damaged header.
  static let largestSize = 2 << 30

  func read(
    _ files: ImageSetFiles, classNames: [String]?
  ) throws(ImageReaderError) -> ImageSet {
    let (pixels, shape) = try readImages(files.images[0])
    let count = pixels.count / shape.count
    let labelFile = files.labels ?? files.folder
    let labels = try readLabels(labelFile, count: count, imageFile: files.images[0])

    let classCount = Int(labels.max() ?? 0) + 1
    let isFashion = ClassNames.areOfFashionMNIST(labels) && classCount <= ClassNames.fashionMNIST.count
    let names = classNames ?? (isFashion ? ClassNames.fashionMNIST : ClassNames.numbers(classCount))
    guard names.count >= classCount else {
      throw ImageReaderError(labelFile, .classNameCount(names.count, expected: classCount))
    }
    return ImageSet(
      uncheckedPixels: pixels, shape: shape, labels: labels.map(Int.init), classNames: names,
      origin: "\(isFashion ? "Fashion-MNIST" : "IDX"), \(files.split.title)")
  }

  /// What the headers say, and the labels.
  func announcement(_ files: ImageSetFiles) throws(ImageReaderError) -> AnnouncedImages {
    let path = files.images[0]
    var file = try IDXFile(path)
    let header = try file.header(magic: 0x0000_0803, numberCount: 3)
    guard header.allSatisfy({ $0 > 0 }) else { throw ImageReaderError(path, at: 4, .noImages) }
    let labels = try readLabels(files.labels ?? files.folder, count: header[0], imageFile: path)
    return AnnouncedImages(
      count: header[0], shape: ImageShape(height: header[1], width: header[2], channels: 1),
      classes: Int(labels.max() ?? 0) + 1)
  }

  private func readImages(
    _ path: FilePath
  ) throws(ImageReaderError) -> (pixels: [UInt8], shape: ImageShape) {
    var file = try IDXFile(path)
    let header = try file.header(magic: 0x0000_0803, numberCount: 3)
    let (count, height, width) = (header[0], header[1], header[2])
    guard count > 0, height > 0, width > 0 else { throw ImageReaderError(path, at: 4, .noImages) }
    let (imageSize, overflow) = height.multipliedReportingOverflow(by: width)
    let (size, overflows) = imageSize.multipliedReportingOverflow(by: count)
    guard !overflow, !overflows, size <= Self.largestSize else {
      throw ImageReaderError(
        path, at: 4,
        .tooLarge(count: count, height: height, width: width, limit: Self.largestSize))
    }
    let pixels = try file.body(size, what: "\(count) images of \(height)×\(width)")
    return (pixels, ImageShape(height: height, width: width, channels: 1))
  }

  private func readLabels(
    _ path: FilePath, count: Int, imageFile: FilePath
  ) throws(ImageReaderError) -> [UInt8] {
    var file = try IDXFile(path)
    let found = try file.header(magic: 0x0000_0801, numberCount: 1)[0]
    guard found == count else {
      throw ImageReaderError(
        path, at: 4, .countMismatch(labels: found, images: count, imageFile: imageFile))
    }
    return try file.body(count, what: "\(count) labels")
  }
}

/// One IDX file, unpacked on the way when it is packed.
private struct IDXFile {
  private let file: InputFile
  private let inflater: GzipInflater?

  /// The number of (unpacked) bytes read so far.
  private var position = 0

  init(_ path: FilePath) throws(ImageReaderError) {
    var start: [UInt8] = [0, 0]
    _ = try InputFile(path).read(into: &start)
    file = try InputFile(path)
    inflater = start == [0x1F, 0x8B] ? try GzipInflater(file) : nil
  }

  /// The numbers of the header.
  mutating func header(magic: UInt32, numberCount: Int) throws(ImageReaderError) -> [Int] {
    var bytes = [UInt8](repeating: 0, count: 4 + 4 * numberCount)
    let count = try read(into: &bytes)
    let words = stride(from: 0, to: bytes.count, by: 4).map { start in
      bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    guard count < 4 || words[0] == magic else {
      throw ImageReaderError(file.path, at: 0, .wrongMagic(words[0], expected: magic))
    }
    guard count == bytes.count else {
      throw truncated(expected: bytes.count, found: count, what: "the header")
    }
    return words.dropFirst().map(Int.init)
  }

  /// The `size` bytes after the header, and nothing after them.
  mutating func body(_ size: Int, what: String) throws(ImageReaderError) -> [UInt8] {
    // Memory is not asked for on the word of a header that cannot be true.
    if inflater == nil, file.size - position < size {
      let found = file.size - position
      position = file.size
      throw truncated(expected: size, found: found, what: what)
    }
    guard size / GzipInflater.largestRatio <= file.size else {
      throw ImageReaderError(file.path, .packedTooSmall(size: file.size, promised: size))
    }
    var bytes = [UInt8](repeating: 0, count: size)
    let count = try read(into: &bytes)
    guard count == size else { throw truncated(expected: size, found: count, what: what) }
    let end = position
    var next: [UInt8] = [0]
    guard try read(into: &next) == 0 else {
      throw ImageReaderError(file.path, at: end, .trailingBytes)
    }
    return bytes
  }

  private mutating func read(into bytes: inout [UInt8]) throws(ImageReaderError) -> Int {
    let count: Int
    if let inflater {
      count = try inflater.read(into: &bytes)
    } else {
      count = try file.read(into: &bytes)
    }
    position += count
    return count
  }

  private func truncated(expected: Int, found: Int, what: String) -> ImageReaderError {
    ImageReaderError(
      file.path, at: position, .truncated(expected: expected, found: found, what: what))
  }
}
