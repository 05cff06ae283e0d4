import SystemPackage

/// A regular file that is read from front to back.
final class InputFile {
  let path: FilePath

  /// The size when it was opened, in bytes.
  let size: Int

  private let descriptor: FileDescriptor

  /// - Throws: `ImageReaderError` when it does not exist, is not a file, or may not be read.
  init(_ path: FilePath) throws(ImageReaderError) {
    self.path = path
    do {
      // Not opened before it is known to be a file: opening a pipe would wait for a writer.
      let status = try Stat(path)
      guard status.type == .regular else { throw ImageReaderError(path, .notAFile) }
      size = Int(status.size)
      descriptor = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    } catch let error as ImageReaderError {
      throw error
    } catch {
      throw ImageReaderError(path, .system(error as? Errno ?? .ioError))
    }
  }

  deinit { try? descriptor.close() }

  /// Fills `bytes` as far as the file goes and returns the number of bytes read.
  func read(into bytes: inout [UInt8]) throws(ImageReaderError) -> Int {
    try bytes.withUnsafeMutableBufferPointer { buffer throws(ImageReaderError) in
      try read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Fills `destination` as far as the file goes and returns the number of bytes read.
  func read(into destination: UnsafeMutableRawBufferPointer) throws(ImageReaderError) -> Int {
    var filled = 0
    while filled < destination.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: destination[filled...])
      let count: Int
      do {
        count = try descriptor.read(into: rest)
      } catch {
        throw ImageReaderError(path, .system(error as? Errno ?? .ioError))
      }
      if count == 0 { break }
      filled += count
    }
    return filled
  }
}
