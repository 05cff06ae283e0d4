import Foundation
import HDF5
import SystemPackage
import Testing

/// A folder of a test's own, removed with everything in it when the test is over.
final class Scratch {
  let folder: FilePath

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "winnow-hdf5-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    folder = FilePath(url.path)
    NothingStaysOpen.Folders.current?.add(folder)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder.string)
  }

  func path(_ name: String = "test.h5") -> FilePath { folder.appending(name) }

  /// Creates a file with what `fill` writes, closes it and opens it again for reading.
  func file(_ name: String = "test.h5", _ fill: (Group) throws -> Void) throws -> File {
    let file = try File.create(at: path(name))
    try fill(file.root)
    try file.close()
    return try File.open(at: path(name))
  }
}

func bytes(of path: FilePath) throws -> [UInt8] {
  let descriptor = try FileDescriptor.open(path, .readOnly)
  return try descriptor.closeAfter {
    let size = Int(try descriptor.seek(offset: 0, from: .end))
    try descriptor.seek(offset: 0, from: .start)
    var bytes = [UInt8](repeating: 0, count: size)
    var filled = 0
    while filled < size {
      let count = try bytes.withUnsafeMutableBytes { buffer in
        try descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      }
      if count == 0 { break }
      filled += count
    }
    return bytes
  }
}

func write(_ bytes: [UInt8], to path: FilePath) throws {
  let descriptor = try FileDescriptor.open(
    path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
  try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
}

/// The error that a call throws, which the test demands.
@discardableResult
func thrown<Result>(
  _ body: () throws -> Result, sourceLocation: SourceLocation = #_sourceLocation
) throws -> HDF5Error {
  try #require(
    #expect(throws: HDF5Error.self, sourceLocation: sourceLocation) { _ = try body() },
    sourceLocation: sourceLocation)
}

extension File {
  /// Lets the system refuse every write after the next `count`.
  func failWrites(after count: Int, with error: Errno) {
    var left = count
    interceptWrites {
      left -= 1
      return left < 0 ? error : nil
    }
  }
}
