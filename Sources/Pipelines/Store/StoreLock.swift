import Glibc
import SystemPackage

/// The right to write to a store, until it is released or its process ends, however it ends.
final class StoreLock {
  private let descriptor: CInt

  private init(descriptor: CInt) { self.descriptor = descriptor }

  deinit { Glibc.close(descriptor) }

  /// Takes the lock of a store, and makes the store's folder if there is none.
  ///
  /// - Parameters:
  ///   - wait: Whether to wait while another process holds it. `isBusy` is then called once.
  /// - Throws: `PipelineError.locked` when another process holds it, `interrupted` when the user ends
  ///   the wait.
  static func take(
    _ store: ArtifactStore, manifest: String, wait: Bool, interruption: Interruption,
    isBusy: (LockHolder?) -> Void
  ) throws(PipelineError) -> StoreLock {
    let files = store.files
    let path = store.root.appending("lock")
    try files.makeFolders(store.root)
    var hasReported = false
    while true {
      let descriptor = try files.open(path, O_RDWR | O_CREAT, as: .create)
      let lock = StoreLock(descriptor: descriptor)
      if try files.tryLock(descriptor, path) {
        // Somebody may have deleted the file between opening and locking: then the lock is on a file
        // that the next process does not see.
        guard try lock.isInPlace(path, files) else { continue }
        // On a full disk too, where cleaning up is what the lock is wanted for.
        try? lock.sign(path, files, manifest: manifest)
        return lock
      }
      let holder = try files.read(LockHolder.self, at: path)?.content
      guard wait else { throw .locked(path: path, by: holder) }
      if !hasReported { isBusy(holder) }
      hasReported = true
      if interruption.isRequested {
        throw .interrupted(signal: interruption.requestedBy, stage: nil)
      }
      usleep(100_000)
    }
  }

  private func isInPlace(_ path: FilePath, _ files: FileSystem) throws(PipelineError) -> Bool {
    do {
      let named = try files.status(of: path).status
      let held = try files.status(ofOpen: descriptor, path).status
      return named.device == held.device && named.inode == held.inode
    } catch .system(_, _, .noSuchFileOrDirectory) {
      return false
    }
  }

  /// Writes down who holds it. The lock itself is the kernel's; the text is for people and is not flushed.
  private func sign(
    _ path: FilePath, _ files: FileSystem, manifest: String
  ) throws(PipelineError) {
    let holder = LockHolder(processID: getpid(), since: files.wholeSeconds(), manifest: manifest)
    let bytes = try files.bytes(of: holder, for: path)
    try files.perform(.write, path) { ftruncate(descriptor, 0) }
    try files.write(descriptor, bytes, path)
  }
}

extension LockHolder: SealedContent {
  package static var format: String { "winnow-lock-2" }
}
