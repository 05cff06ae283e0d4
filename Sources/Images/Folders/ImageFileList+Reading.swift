import Compute

/// The images of a list of files, and what is to be said of the files.
package struct ImageReading: Sendable {
  /// With the names of their files.
  package let images: ImageSet
  /// Files that are not among the images, and why.
  package let leftOut: [ImageFileNote]
  /// Files that are damaged but could be read, in the codec's words.
  package let damaged: [ImageFileNote]
  /// How many of the images have each of `ImageFileTraits.each`.
  package let traitCounts: [Int]
}

extension ImageFileList {
  /// Reads all files, on all threads of `pool`; the result does not depend on them.
  ///
  /// Beside the pixels of the set, memory is needed for one large file and for a few small ones per thread.
  ///
  /// - Parameter progress: called now and then with how many files are done.
  /// - Throws: `ImageReaderError` when images differ in size, when no file is an image, when there is not enough memory,
  ///   when the system does not give a file, or at the first that is no image where the options are strict; and what
  ///   `progress` throws.
  package func read(
    _ options: ImageReadingOptions, pool: WorkerPool, progress: (_ done: Int) throws -> Void = { _ in }
  ) throws -> ImageReading {
    var pass = try ImageReadingPass(self, options: options, pool: pool)
    while !pass.isDone {
      try pass.readBlock()
      try progress(pass.done)
    }
    return try pass.finish()
  }
}

extension ImageFileList {
  /// The shape of the first image, without reading more than a few files; `nil` where none of these can be read.
  package var firstShape: ImageShape? {
    let pool = WorkerPool(threads: 1)
    for file in files.prefix(8) {
      let alone = ImageFileList(
        folder: folder, origin: origin, classNames: classNames, files: [file], leftOut: [], otherCount: 0)
      if let reading = try? alone.read(ImageReadingOptions(), pool: pool) { return reading.images.shape }
    }
    return nil
  }
}

/// One walk over the files of a list.
private struct ImageReadingPass {
  private let list: ImageFileList
  private let options: ImageReadingOptions
  private let pool: WorkerPool
  /// For each thread of the pool.
  private let readers: [ImageFileReader]
  /// For what is too large for all threads at the same time.
  private let reader: ImageFileReader
  private let slots = ByteBuffer()

  /// Files that are done.
  private(set) var done = 0
  /// There is none before the first image that can be read.
  private var collector: ImageCollector?
  private var firstName = ""
  private var leftOut: [ImageFileNote]
  private var damaged: [ImageFileNote] = []
  private var traitCounts = ImageFileTraits.each.map { _ in 0 }

  init(_ list: ImageFileList, options: ImageReadingOptions, pool: WorkerPool) throws {
    self.list = list
    self.options = options
    self.pool = pool
    readers = try (0..<pool.threads).map { _ in try ImageFileReader(options, limits: .together(options)) }
    reader = try ImageFileReader(options, limits: .alone(options))
    leftOut = list.leftOut
    if options.isStrict, let first = leftOut.first { throw refusal(first) }
  }

  var isDone: Bool { done == list.files.count }

  /// What became of one file.
  private enum Outcome {
    case pending
    case read(channels: Int, traits: ImageFileTraits, warning: String?)
    case otherSize(ImageShape)
    case failed(ImageFileProblem)

    var isTooLarge: Bool {
      switch self {
      case .failed(.tooManyBytes), .failed(.tooManyPixels): true
      default: false
      }
    }
  }

  /// Reads a file, and where it has the right size stores its pixels.
  private static func read(
    _ file: ImageFile, with reader: ImageFileReader, size: ImageSize,
    into target: UnsafeMutablePointer<UInt8>
  ) -> Outcome {
    do throws(ImageFileProblem) {
      let result = try reader.read(file.path)
      guard result.shape.height == size.height, result.shape.width == size.width else {
        return .otherSize(result.shape)
      }
      target.update(from: result.pixels, count: result.shape.count)
      return .read(channels: result.shape.channels, traits: result.traits, warning: result.warning)
    } catch {
      return .failed(error)
    }
  }

  mutating func readBlock() throws {
    guard let size = collector?.size else { return try readFirst() }
    let slotCount = 3 * size.height * size.width
    let count = min(max(1, min(1024, (64 << 20) / slotCount)), list.files.count - done)
    let (files, readers, start) = (list.files, readers, done)
    let slots = slots.reserve(count * slotCount)
    var outcomes = [Outcome](repeating: .pending, count: count)
    outcomes.withUnsafeMutableBufferPointer { outcomes in
      let outcomes = outcomes
      pool.run(count) { index, worker in
        outcomes[index] = Self.read(
          files[start + index], with: readers[worker], size: size, into: slots + index * slotCount)
      }
    }
    for (index, outcome) in outcomes.enumerated() {
      let slot = slots + index * slotCount
      let file = files[start + index]
      let final = outcome.isTooLarge ? Self.read(file, with: reader, size: size, into: slot) : outcome
      try take(final, slot, of: file)
    }
    done += count
  }

  /// Looks for the first image that can be read: its size is that of all.
  private mutating func readFirst() throws {
    let file = list.files[done]
    let result: ImageFileReader.Result
    do throws(ImageFileProblem) {
      result = try reader.read(file.path)
    } catch {
      done += 1
      return try take(.failed(error), nil, of: file)
    }
    collector = try makeCollector(result.shape, count: list.files.count - done)
    firstName = file.name
    done += 1
    try take(
      .read(channels: result.shape.channels, traits: result.traits, warning: result.warning), result.pixels,
      of: file)
  }

  private func makeCollector(_ shape: ImageShape, count: Int) throws -> ImageCollector {
    try ImageCollector(
      size: ImageSize(height: shape.height, width: shape.width),
      channels: options.channels == .colour ? 3 : shape.channels, count: count, list: list,
      memoryLimit: options.memoryLimit)
  }

  private mutating func take(_ outcome: Outcome, _ pixels: UnsafePointer<UInt8>?, of file: ImageFile) throws {
    switch outcome {
    case .pending: break
    case .read(let channels, let traits, let warning):
      guard let pixels else { break }
      try collector?.append(pixels, channels: channels, of: file)
      for (place, trait) in ImageFileTraits.each.enumerated() where traits.contains(trait) {
        traitCounts[place] += 1
      }
      if let warning { damaged.append(ImageFileNote(file.name, warning)) }
    case .otherSize(let shape):
      let size = collector?.size ?? ImageSize(height: shape.height, width: shape.width)
      throw ImageReaderError(
        file.path,
        .differentSize(
          height: shape.height, width: shape.width, expectedHeight: size.height, expectedWidth: size.width,
          first: firstName.printable))
    case .failed(.unreadable(let code)):
      // The machine's fault and not the file's: whoever asks again may well be given the image, and a set that lacks it
      // would be taken for the one that the files are.
      throw ImageReaderError(file.path, .system(code))
    case .failed(.noMemory):
      throw ImageReaderError(file.path, .system(.noMemory))
    case .failed(let problem):
      let note = ImageFileNote(file.name, problem)
      if options.isStrict { throw refusal(note) }
      leftOut.append(note)
    }
  }

  private func refusal(_ note: ImageFileNote) -> ImageReaderError {
    ImageReaderError(list.folder, .notReadable(file: note.name.printable, problem: note.text))
  }

  func finish() throws -> ImageReading {
    guard let collector else {
      throw ImageReaderError(
        list.folder,
        .noImageFiles(
          classes: list.classNames, others: list.otherCount, leftOut: leftOut.count,
          example: leftOut.first.map { "\($0)" }))
    }
    return ImageReading(
      images: collector.finish(), leftOut: leftOut, damaged: damaged, traitCounts: traitCounts)
  }
}
