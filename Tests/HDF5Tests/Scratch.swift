import HDF5
import SystemPackage
import TestSupport
import Testing

/// A folder for the files of one test.
struct Scratch {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  var folder: FilePath { temporary.path }

  func path(_ name: String = "test.h5") -> FilePath { temporary.path(name) }

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
