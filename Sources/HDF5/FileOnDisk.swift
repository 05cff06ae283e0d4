import CHDF5
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A file, accessed through system calls.
///
/// The C library does not survive a write that fails: the object stays half closed, and using it again is
/// undefined. So failures are hidden from it. The first failure is kept, later writes are dropped, and
/// the caller of the library asks here whether all went well.
final class FileOnDisk {
  let device: dev_t
  let inode: ino_t
  /// Where the library's last allocation ends.
  var endOfAllocation: haddr_t = 0
  /// Where the bytes end.
  private(set) var endOfFile: haddr_t

  /// Asked before every write, change of length and close; an error that it returns is taken for the
  /// system's. For tests.
  var intercept: (() -> Errno?)?

  private let descriptor: FileDescriptor
  private var writeFailure: Errno?
  private var readFailure: Errno?

  /// - Parameter flags: The C library's.
  init(path: UnsafePointer<CChar>, flags: UInt32) throws {
    var options: FileDescriptor.OpenOptions = .closeOnExec
    if flags & winnow_access_create() != 0 { options.insert(.create) }
    if flags & winnow_access_truncate() != 0 { options.insert(.truncate) }
    if flags & winnow_access_exclusive() != 0 { options.insert(.exclusiveCreate) }
    descriptor = try FileDescriptor.open(
      path, flags & winnow_access_read_write() != 0 ? .readWrite : .readOnly, options: options,
      permissions: .newFile)
    var status = stat()
    guard fstat(descriptor.rawValue, &status) == 0, let size = haddr_t(exactly: status.st_size) else {
      let error = Errno(rawValue: errno)
      try? descriptor.close()
      throw error
    }
    device = status.st_dev
    inode = status.st_ino
    endOfFile = size
  }

  /// The first failed write, which stays; else the last failed read, which is forgotten with this.
  func takeFailure() -> Errno? {
    defer { readFailure = nil }
    return writeFailure ?? readFailure
  }

  /// Reads bytes, and zeros beyond the end of the file.
  ///
  /// - Returns: Whether the system gave them.
  func read(_ buffer: UnsafeMutableRawBufferPointer, at address: haddr_t) -> Bool {
    do {
      var rest = buffer
      while !rest.isEmpty {
        let offset = Int64(address) + Int64(buffer.count - rest.count)
        let count = try descriptor.read(fromAbsoluteOffset: offset, into: rest)
        if count == 0 { break }
        rest = UnsafeMutableRawBufferPointer(rebasing: rest[count...])
      }
      rest.initializeMemory(as: UInt8.self, repeating: 0)
      return true
    } catch {
      readFailure = error as? Errno ?? .ioError
      return false
    }
  }

  func write(_ buffer: UnsafeRawBufferPointer, at address: haddr_t) {
    attempt {
      // Piece by piece: `writeAll` would copy all of it first.
      var rest = buffer
      while !rest.isEmpty {
        let offset = Int64(address) + Int64(buffer.count - rest.count)
        let count = try descriptor.write(toAbsoluteOffset: offset, rest)
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
    // What was dropped counts too, or the library would find its own file too short.
    endOfFile = max(endOfFile, address + haddr_t(buffer.count))
  }

  /// Lets the file end where the library's allocations end.
  func truncate() {
    guard endOfFile != endOfAllocation else { return }
    attempt { try descriptor.resize(to: Int64(endOfAllocation)) }
    endOfFile = endOfAllocation
  }

  /// Closes it, after a failure too: the descriptor must not be lost.
  func close() {
    do {
      if writeFailure == nil, let error = intercept?() { writeFailure = error }
      try descriptor.close()
    } catch {
      writeFailure = writeFailure ?? error as? Errno ?? .ioError
    }
  }

  private func attempt(_ body: () throws -> Void) {
    guard writeFailure == nil else { return }
    do {
      if let error = intercept?() { throw error }
      try body()
    } catch {
      writeFailure = error as? Errno ?? .ioError
    }
  }
}

extension FilePermissions {
  /// What the user's mask leaves of reading and writing for everyone.
  static let newFile: FilePermissions = [.ownerReadWrite, .groupReadWrite, .otherReadWrite]
}
