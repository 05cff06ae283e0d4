import Foundation
import Glibc
import Synchronization
import SystemPackage

/// A folder of a test's own, removed with everything in it when nobody holds it any more.
package final class TemporaryFolder: Sendable {
  package let path: FilePath

  /// - Parameter isOnDisk: Whether it is to hold more than fits into memory.
  package init(isOnDisk: Bool = false) throws {
    let parent = isOnDisk ? Self.onDisk : Self.inMemory
    let url = parent.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = FilePath(url.path)
    NothingStaysOpen.Folders.current?.add(path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path.string) }

  package var url: URL { URL(fileURLWithPath: path.string) }

  package func path(_ relative: String) -> FilePath { path.pushing(FilePath(relative)) }

  /// Writes a file, and the folders above it.
  ///
  /// Foundation would flush every file to the disk, and ext4 does so when one is cut to length zero.
  package func write(_ bytes: some Sequence<UInt8>, to relative: String) throws {
    let file = path(relative)
    try FileManager.default.createDirectory(
      atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
    try? FileManager.default.removeItem(atPath: file.string)
    let descriptor = try FileDescriptor.open(
      file, .writeOnly, options: .create, permissions: .ownerReadWrite)
    _ = try descriptor.closeAfter { try descriptor.writeAll(bytes) }
  }
}

// MARK: - Where they lie

extension TemporaryFolder {
  /// One folder for all of this process, which is removed at its end: what a static variable holds is
  /// never let go.
  private static let onDisk = shared(in: FileManager.default.temporaryDirectory)

  /// In memory where there is room: thousands of flushes to a disk take minutes.
  private static let inMemory: URL = {
    let memory = "/dev/shm"
    let isUsable = FileManager.default.isWritableFile(atPath: memory) && freeBytes(in: memory) >= room
    return isUsable ? shared(in: URL(fileURLWithPath: memory)) : onDisk
  }()

  /// What the tests need there at any time. Containers often have 64 MiB.
  private static let room = 48 << 20

  private static func shared(in parent: URL) -> URL {
    let url = parent.appending(path: "winnow-tests-\(UUID().uuidString)")
    removals.withLock { removals in
      if removals.isEmpty {
        atexit {
          for url in TemporaryFolder.removals.withLock({ $0 }) { try? FileManager.default.removeItem(at: url) }
        }
      }
      removals.append(url)
    }
    return url
  }

  private static let removals = Mutex<[URL]>([])

  private static func freeBytes(in path: String) -> Int {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return 0 }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }
}
