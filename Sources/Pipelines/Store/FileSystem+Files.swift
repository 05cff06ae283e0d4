import Glibc
import Synchronization
import SystemPackage

/// Whole files: read, hashed, replaced.
extension FileSystem {
  /// Temporary files have the process number in their names, which shows whether their run is still alive.
  static let temporaryPrefix = ".tmp-"

  private static let temporaryCount = Atomic<Int>(0)

  /// A name in a folder that no other process and no other call uses.
  func temporaryPath(in folder: FilePath) -> FilePath {
    let number = Self.temporaryCount.add(1, ordering: .relaxed).newValue
    return folder.appending("\(Self.temporaryPrefix)\(temporaryMark ?? "\(getpid())")-\(number)")
  }

  /// The process that a temporary file belongs to, or `nil` for other files.
  static func processID(ofTemporary name: FilePath.Component) -> pid_t? {
    let name = name.string
    guard name.hasPrefix(temporaryPrefix) else { return nil }
    return pid_t(name.dropFirst(temporaryPrefix.count).prefix { $0 != "-" })
  }

  /// The bytes of a file, or `nil` when there is no such file.
  package func contents(of path: FilePath) throws(PipelineError) -> [UInt8]? {
    let descriptor: CInt
    do {
      descriptor = try open(path, O_RDONLY)
    } catch .system(_, _, .noSuchFileOrDirectory), .system(_, _, .notDirectory) {
      return nil
    }
    defer { Glibc.close(descriptor) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Int(try status(ofOpen: descriptor, path).status.size))
    // To the end: of a pipe, such as a shell makes of '<(…)', the size says nothing.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = try read(descriptor, into: buffer, path)
      if count == 0 { return bytes }
      bytes += UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }
  }

  /// Replaces a file by one with the given bytes: after a crash there is the old one or the new one.
  func replaceFile(at path: FilePath, with bytes: [UInt8]) throws(PipelineError) {
    let temporary = temporaryPath(in: path.removingLastComponent())
    do throws(PipelineError) {
      let descriptor = try open(temporary, O_WRONLY | O_CREAT | O_EXCL, as: .create)
      do throws(PipelineError) {
        try write(descriptor, bytes, temporary)
        try flush(descriptor, temporary)
      } catch {
        Glibc.close(descriptor)
        throw error
      }
      try close(descriptor, temporary)
      try rename(temporary, to: path)
    } catch {
      try? remove(temporary)
      throw error
    }
    try flushFolder(path.removingLastComponent())
  }

  /// Replaces a symbolic link; a reader sees the old target or the new one.
  func replaceLink(at path: FilePath, to target: FilePath) throws(PipelineError) {
    let temporary = temporaryPath(in: path.removingLastComponent())
    try link(temporary, to: target)
    do {
      try rename(temporary, to: path)
    } catch {
      try? remove(temporary)
      throw error
    }
    try flushFolder(path.removingLastComponent())
  }

  /// Flushes a file that was written by other code to the disk.
  func flushFile(_ path: FilePath) throws(PipelineError) {
    try flush(path, O_RDONLY)
  }

  /// Flushes the names in a folder to the disk: a rename needs that to survive a power loss. File systems that cannot
  /// do that with folders, as some on a network, say so, and are not asked for more.
  func flushFolder(_ path: FilePath) throws(PipelineError) {
    do {
      try flush(path, O_RDONLY | O_DIRECTORY)
    } catch .system(.flush, _, .invalidArgument), .system(.flush, _, .notSupported) {}
  }

  private func flush(_ path: FilePath, _ flags: CInt) throws(PipelineError) {
    let path = path.isEmpty ? "." : path
    let descriptor = try open(path, flags)
    do {
      try flush(descriptor, path)
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    try close(descriptor, path)
  }

  /// Makes a folder and those above it where they are missing.
  package func makeFolders(_ path: FilePath) throws(PipelineError) {
    do {
      try makeFolder(path)
    } catch .system(_, _, .fileExists) {
      if try status(of: path).kind != .folder {
        throw .system(.makeFolder, path: path, .notDirectory)
      }
      return
    } catch .system(_, _, .noSuchFileOrDirectory) where path.components.count > 1 {
      try makeFolders(path.removingLastComponent())
      // Another process may have been faster.
      return try makeFolders(path)
    }
    try flushFolder(path.removingLastComponent())
  }

  func exists(_ path: FilePath) throws(PipelineError) -> Bool {
    do {
      _ = try status(of: path)
      return true
    } catch .system(_, _, .noSuchFileOrDirectory), .system(_, _, .notDirectory) {
      return false
    }
  }

  /// Removes a file if it is there.
  package func removeIfPresent(_ path: FilePath) throws(PipelineError) {
    do {
      try remove(path)
    } catch .system(_, _, .noSuchFileOrDirectory) {}
  }

  /// The names in a folder, sorted; none when there is no such folder.
  func sortedNames(in folder: FilePath) throws(PipelineError) -> [FilePath.Component] {
    do {
      return try names(in: folder).sorted { $0.string < $1.string }
    } catch .system(_, _, .noSuchFileOrDirectory), .system(_, _, .notDirectory) {
      return []
    }
  }

  /// Reads a file through and returns its hash and the status that belongs to it.
  ///
  /// - Throws: `PipelineError.changedWhileRead` when somebody wrote to it meanwhile.
  func hash(_ path: FilePath) throws(PipelineError) -> (digest: Digest, status: FileStatus) {
    let descriptor = try open(path, O_RDONLY)
    defer { Glibc.close(descriptor) }
    let before = try status(ofOpen: descriptor, path)
    guard before.kind == .file else { throw .notAFile(path: path) }
    var builder = DigestBuilder()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    var rest = before.status.size
    while true {
      let count = try read(descriptor, into: buffer, path)
      if count == 0 { break }
      // A file that grows as fast as it is read would have no end.
      rest -= Int64(count)
      if rest < 0 { throw .changedWhileRead(path: path) }
      builder.addBytes(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    guard try status(ofOpen: descriptor, path).status == before.status else {
      throw .changedWhileRead(path: path)
    }
    return (builder.finish(), before.status)
  }
}
