import Foundation
import Glibc
import SystemPackage

/// The system calls that the store makes.
///
/// Every one of them goes through `perform`, which retries after a signal, turns `errno` into a
/// `PipelineError` and lets a test make the n-th call fail.
package struct FileSystem: Sendable {
  /// What was tried, for messages.
  package enum Operation: String, Sendable, CaseIterable {
    case open, create, read, write, flush, close, rename, remove, list, makeFolder, link, examine, lock
  }

  /// Asked before every system call; an error that it returns is reported in place of the call.
  package var intercept: (@Sendable (Operation, FilePath) -> Errno?)?

  /// Nanoseconds since 1970, on the clock that file times are taken from.
  package var now: @Sendable () -> Int64 = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// What the names of temporary files have in the place of the process number. Files with a mark are removed
  /// by those who know it alone.
  var temporaryMark: String?

  package init() {}

  /// The time by `now`, without parts of a second: what records say.
  func wholeSeconds() -> Date { Date(timeIntervalSince1970: Double(now() / 1_000_000_000)) }

  @discardableResult
  func perform<Result: SignedInteger>(
    _ operation: Operation, _ path: FilePath, _ call: () -> Result
  ) throws(PipelineError) -> Result {
    while true {
      let failure: Errno
      if let injected = intercept?(operation, path) {
        failure = injected
      } else {
        let result = call()
        if result >= 0 { return result }
        failure = Errno(rawValue: errno)
      }
      // `close` must not be tried again: the descriptor is gone, and may be another file's by now.
      if failure != .interrupted || operation == .close {
        throw .system(operation, path: path, failure)
      }
    }
  }
}

/// What identifies the state of a file's content without reading it.
package struct FileStatus: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64
  package let size: Int64
  /// Nanoseconds since 1970.
  package let modified: Int64
  /// Nanoseconds since 1970. Unlike `modified`, no program can set it back.
  package let changed: Int64

  init(device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64) {
    self.device = device
    self.inode = inode
    self.size = size
    self.modified = modified
    self.changed = changed
  }

  init(_ status: stat) {
    self.init(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
      modified: Self.nanoseconds(status.st_mtim), changed: Self.nanoseconds(status.st_ctim))
  }

  /// Since 1970. Files may have times after 2262, which 64 bits of nanoseconds cannot hold; those wrap, which tells
  /// them apart as well.
  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}

/// What a name in a folder stands for.
package enum FileKind: Sendable {
  case file, folder, link, other

  init(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    case S_IFLNK: self = .link
    default: self = .other
    }
  }
}
