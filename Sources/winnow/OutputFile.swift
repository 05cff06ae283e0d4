import Glibc
import Pipelines
import SystemPackage

/// A file that a command was asked to write.
enum OutputFile {
  static func write(_ text: String, to path: FilePath) throws(PipelineError) {
    try write(Array(text.utf8), to: path)
  }

  /// Writes a file in the place of one that may be there: whatever goes wrong, that one stays, or there is none. What
  /// is no regular file, a terminal or a pipe, stays what it is and is written to.
  static func write(_ bytes: [UInt8], to path: FilePath) throws(PipelineError) {
    var status = stat()
    let isThere = stat(path.string, &status) == 0
    guard !isThere || status.st_mode & S_IFMT == S_IFREG else { return try writeInPlace(bytes, to: path) }
    // Through links, so that they stay as well.
    let target = isThere ? FileSystem().realPath(path) ?? path : path
    if isThere, access(target.string, W_OK) != 0 { throw .system(.create, path: path, Errno(rawValue: errno)) }
    let temporary = target.removingLastComponent()
      .appending(".\(target.lastComponent?.string.prefix(200) ?? "").tmp-\(getpid())")
    do throws(PipelineError) {
      let file = try open(temporary, [.create, .truncate], named: path)
      if isThere { fchmod(file.rawValue, status.st_mode & 0o7777) }
      try fill(file, with: bytes, named: path, flushes: true)
      guard rename(temporary.string, target.string) == 0 else {
        throw .system(.create, path: path, Errno(rawValue: errno))
      }
    } catch {
      unlink(temporary.string)
      throw error
    }
  }

  private static func writeInPlace(_ bytes: [UInt8], to path: FilePath) throws(PipelineError) {
    try fill(open(path, [], named: path), with: bytes, named: path, flushes: false)
  }

  private static func open(
    _ path: FilePath, _ options: FileDescriptor.OpenOptions, named name: FilePath
  ) throws(PipelineError) -> FileDescriptor {
    do {
      return try FileDescriptor.open(
        path, .writeOnly, options: options, permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch {
      throw .system(.create, path: name, error as? Errno ?? .ioError)
    }
  }

  private static func fill(
    _ file: FileDescriptor, with bytes: [UInt8], named name: FilePath, flushes: Bool
  ) throws(PipelineError) {
    do {
      try file.closeAfter {
        _ = try file.writeAll(bytes)
        if flushes, fsync(file.rawValue) != 0 { throw Errno(rawValue: errno) }
      }
    } catch {
      throw .system(.write, path: name, error as? Errno ?? .ioError)
    }
  }
}
