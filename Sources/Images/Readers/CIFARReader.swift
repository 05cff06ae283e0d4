import SystemPackage

/// Reads the binary versions of CIFAR-10 and CIFAR-100.
///
/// A record is `labelSize` label bytes, of which one counts (CIFAR-100 has the coarse label before the fine
/// one), then 1024 bytes each of red, green and blue, row by row.
struct CIFARReader {
  let labelSize: Int
  /// Which of the label bytes counts.
  let labelPlace: Int
  let classCount: Int

  private static let shape = ImageShape(height: 32, width: 32, channels: 3)
  private static let recordsAtOnce = 512

  private var recordSize: Int { labelSize + Self.shape.count }

  func read(
    _ files: ImageSetFiles, classNames: [String]?
  ) throws(ImageReaderError) -> ImageSet {
    let names = try ClassNames.resolve(
      given: classNames, file: files.classNames, count: classCount, in: files.folder)
    var opened: [InputFile] = []
    for path in files.images {
      let file = try InputFile(path)
      guard file.size > 0 else { throw ImageReaderError(path, .noImages) }
      guard file.size.isMultiple(of: recordSize) else {
        throw ImageReaderError(
          path, at: file.size / recordSize * recordSize,
          .partialRecord(size: file.size, recordSize: recordSize))
      }
      opened.append(file)
    }
    let count = opened.reduce(0) { $0 + $1.size / recordSize }
    var pixels = [UInt8](repeating: 0, count: count * Self.shape.count)
    var labels: [Int] = []
    labels.reserveCapacity(count)
    for file in opened { try read(file, pixels: &pixels, labels: &labels) }
    return ImageSet(
      uncheckedPixels: pixels, shape: Self.shape, labels: labels, classNames: names,
      origin: "\(files.format.title), \(files.split.title)")
  }

  private func read(
    _ file: InputFile, pixels: inout [UInt8], labels: inout [Int]
  ) throws(ImageReaderError) {
    var records = [UInt8](repeating: 0, count: Self.recordsAtOnce * recordSize)
    for start in stride(from: 0, to: file.size, by: records.count) {
      let wanted = min(records.count, file.size - start)
      let found = try records.withUnsafeMutableBufferPointer { buffer throws(ImageReaderError) in
        try file.read(into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: wanted))
      }
      guard found == wanted else {
        throw ImageReaderError(
          file.path, at: start + found,
          .truncated(expected: file.size, found: start + found, what: "all of its records"))
      }
      for record in stride(from: 0, to: wanted, by: recordSize) {
        let label = Int(records[record + labelPlace])
        guard label < classCount else {
          throw ImageReaderError(
            file.path, at: start + record + labelPlace,
            .labelOutOfRange(label, classCount: classCount))
        }
        interleave(records, at: record + labelSize, into: &pixels, at: labels.count * Self.shape.count)
        labels.append(label)
      }
    }
  }

  /// Copies three planes to pixels of three channels.
  private func interleave(
    _ planes: [UInt8], at source: Int, into pixels: inout [UInt8], at target: Int
  ) {
    let plane = Self.shape.height * Self.shape.width
    for channel in 0..<3 {
      for position in 0..<plane {
        pixels[target + 3 * position + channel] = planes[source + channel * plane + position]
      }
    }
  }
}
