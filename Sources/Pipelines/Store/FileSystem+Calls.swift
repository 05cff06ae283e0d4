import Glibc
import SystemPackage

/// One function for each system call.
extension FileSystem {
  /// Opens a file; new files get permissions 0644 less the user's mask.
  func open(
    _ path: FilePath, _ flags: CInt, as operation: Operation = .open
  ) throws(PipelineError) -> CInt {
    try perform(operation, path) {
      path.withPlatformString { Glibc.open($0, flags | O_CLOEXEC, 0o644) }
    }
  }

  func close(_ descriptor: CInt, _ path: FilePath) throws(PipelineError) {
    try perform(.close, path) { Glibc.close(descriptor) }
  }

  /// Reads up to `buffer.count` bytes and returns how many; 0 at the end of the file.
  func read(
    _ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer, _ path: FilePath
  ) throws(PipelineError) -> Int {
    try perform(.read, path) { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
  }

  /// Writes all of the bytes.
  func write(
    _ descriptor: CInt, _ bytes: [UInt8], _ path: FilePath
  ) throws(PipelineError) {
    var start = 0
    while start < bytes.count {
      start += try perform(.write, path) {
        bytes.withUnsafeBytes {
          Glibc.write(descriptor, $0.baseAddress?.advanced(by: start), bytes.count - start)
        }
      }
    }
  }

  /// Waits until the file's bytes, or a folder's names, are on the disk.
  func flush(_ descriptor: CInt, _ path: FilePath) throws(PipelineError) {
    try perform(.flush, path) { fsync(descriptor) }
  }

  func rename(_ old: FilePath, to new: FilePath) throws(PipelineError) {
    try perform(.rename, new) {
      old.withPlatformString { old in
        new.withPlatformString { Glibc.rename(old, $0) }
      }
    }
  }

  /// Where a path leads when all links are followed; `nil` where it leads nowhere.
  package func realPath(_ path: FilePath) -> FilePath? {
    (path.isEmpty ? "." : path).withPlatformString { name in
      guard let resolved = realpath(name, nil) else { return nil }
      defer { free(resolved) }
      return FilePath(platformString: resolved)
    }
  }

  /// Removes a file or a symbolic link.
  func remove(_ path: FilePath) throws(PipelineError) {
    try perform(.remove, path) { path.withPlatformString { unlink($0) } }
  }

  /// Removes an empty folder.
  func removeFolder(_ path: FilePath) throws(PipelineError) {
    try perform(.remove, path) { path.withPlatformString { rmdir($0) } }
  }

  func makeFolder(_ path: FilePath) throws(PipelineError) {
    try perform(.makeFolder, path) { path.withPlatformString { mkdir($0, 0o755) } }
  }

  func link(_ path: FilePath, to target: FilePath) throws(PipelineError) {
    try perform(.link, path) {
      target.withPlatformString { target in
        path.withPlatformString { symlink(target, $0) }
      }
    }
  }

  /// The text of a symbolic link.
  package func target(ofLink path: FilePath) throws(PipelineError) -> FilePath {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    try perform(.examine, path) {
      path.withPlatformString { readlink($0, &buffer, buffer.count - 1) }
    }
    return buffer.withUnsafeBufferPointer {
      $0.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
    }
  }

  /// What a path leads to, following symbolic links.
  func status(of path: FilePath) throws(PipelineError) -> (kind: FileKind, status: FileStatus) {
    var result = stat()
    try perform(.examine, path) { path.withPlatformString { stat($0, &result) } }
    return (FileKind(mode: result.st_mode), FileStatus(result))
  }

  /// What a path is, symbolic links not followed.
  func entryStatus(of path: FilePath) throws(PipelineError) -> (kind: FileKind, status: FileStatus) {
    var result = stat()
    try perform(.examine, path) { path.withPlatformString { lstat($0, &result) } }
    return (FileKind(mode: result.st_mode), FileStatus(result))
  }

  /// What a path is, symbolic links not followed.
  func kind(of path: FilePath) throws(PipelineError) -> FileKind { try entryStatus(of: path).kind }

  func status(
    ofOpen descriptor: CInt, _ path: FilePath
  ) throws(PipelineError) -> (kind: FileKind, status: FileStatus) {
    var result = stat()
    try perform(.examine, path) { fstat(descriptor, &result) }
    return (FileKind(mode: result.st_mode), FileStatus(result))
  }

  /// The names in a folder, in no order, without `.` and `..`.
  ///
  /// Foundation's listing would change names that are not UTF-8, so that their files could not be opened.
  func names(in folder: FilePath) throws(PipelineError) -> [FilePath.Component] {
    let descriptor = try open(folder, O_RDONLY | O_DIRECTORY, as: .list)
    guard let stream = fdopendir(descriptor) else {
      let failure = Errno(rawValue: errno)
      Glibc.close(descriptor)
      throw .system(.list, path: folder, failure)
    }
    defer { closedir(stream) }
    var names: [FilePath.Component] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        if errno != 0 { throw .system(.list, path: folder, Errno(rawValue: errno)) }
        return names
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          FilePath.Component(platformString: $0)
        }
      }
      if let name, name.kind == .regular { names.append(name) }
    }
  }

  /// Tries to take the lock; `false` when another process holds it.
  func tryLock(_ descriptor: CInt, _ path: FilePath) throws(PipelineError) -> Bool {
    do {
      try perform(.lock, path) { flock(descriptor, LOCK_EX | LOCK_NB) }
      return true
    } catch .system(_, _, .wouldBlock) {
      return false
    }
  }
}
