import Glibc
import SystemPackage

extension ArtifactStore {
  /// Removes a pipeline's artifacts, as far as no other pipeline uses them, and its checkpoints.
  ///
  /// - Parameter onlyCheckpoints: Leaves the artifacts.
  /// - Returns: the number of bytes that were freed.
  /// - Throws: `PipelineError.locked` while a run is writing; `notAPipeline` for a name that leads elsewhere; others
  ///   when something cannot be removed.
  package func clean(pipeline: String, onlyCheckpoints: Bool = false) throws -> Int64 {
    guard !Self.reservedNames.contains(pipeline) else { throw PipelineError.reservedName(pipeline) }
    // With '..' the folder would be that of the user.
    guard FilePath.Component(pipeline)?.kind == .regular else { throw PipelineError.notAPipeline(pipeline) }
    guard try files.exists(root) else { return 0 }
    let lock = try StoreLock.take(
      self, manifest: "clean \(pipeline)", wait: false, interruption: Interruption(), isBusy: { _ in })
    defer { withExtendedLifetime(lock) {} }
    try removeLeftovers()
    let freed = onlyCheckpoints ? try removeCheckpoints(of: pipeline) : try removePipeline(pipeline)
    saveCacheIfPossible()
    return freed
  }
}

// MARK: - Only for the holder of the lock

extension ArtifactStore {
  /// Removes the temporary files of processes that have ended, and checkpoints without a record.
  func removeLeftovers() throws(PipelineError) {
    var folders = [root]
    for name in try files.sortedNames(in: root) {
      let path = root.appending(name)
      if try files.kind(of: path) == .folder { folders.append(path) }
    }
    for folder in folders {
      for name in try files.names(in: folder) {
        guard let owner = FileSystem.processID(ofTemporary: name) else { continue }
        // In a container every run may have the same process number, and this one has no temporary
        // files yet.
        let isAlive = owner != getpid() && (kill(owner, 0) == 0 || errno == EPERM)
        if !isAlive { try files.removeIfPresent(folder.appending(name)) }
      }
    }
    try removeOrphanedCheckpoints()
  }

  /// Removes a pipeline's readable names, and everything that was built for it and is used by no other.
  ///
  /// - Returns: the number of bytes that were freed.
  func removePipeline(_ pipeline: String) throws(PipelineError) -> Int64 {
    var freed = try removeCheckpoints(of: pipeline)
    let own = try fingerprints(of: pipeline)
    var foreign: Set<Digest> = []
    for other in try pipelines() where other != pipeline {
      foreign.formUnion(try fingerprints(of: other))
    }
    let folder = root.appending(pipeline)
    for name in try files.sortedNames(in: folder) {
      let path = folder.appending(name)
      if try belongsToStore(name, at: path) { try files.removeIfPresent(path) }
    }
    do {
      try files.removeFolder(folder)
    } catch .system(_, _, .noSuchFileOrDirectory), .system(_, _, .directoryNotEmpty) {
      // Other files there belong to the user.
    }
    for record in try allRecords() where !foreign.contains(record.fingerprint) {
      if own.contains(record.fingerprint) || record.pipeline == pipeline {
        try files.removeIfPresent(recordPath(record.fingerprint))
      }
    }
    freed += try removeUnreferenced()
    return freed
  }

  /// Removes files in the store that neither a record nor a readable name leads to, and records that
  /// cannot be read.
  ///
  /// - Returns: the number of bytes that were freed.
  func removeUnreferenced() throws(PipelineError) -> Int64 {
    var used: Set<String> = []
    for name in try files.sortedNames(in: recordsFolder) {
      guard let fingerprint = Digest(name.string) else { continue }
      if let record = try record(fingerprint) {
        used.insert(record.fileHash.text + ".h5")
      } else {
        try files.removeIfPresent(recordsFolder.appending(name))
      }
    }
    for pipeline in try pipelines() {
      let folder = root.appending(pipeline)
      for name in try files.sortedNames(in: folder) where name.extension == "h5" {
        guard try files.kind(of: folder.appending(name)) == .link else { continue }
        if let target = try files.target(ofLink: folder.appending(name)).lastComponent {
          used.insert(target.string)
        }
      }
    }
    var freed: Int64 = 0
    for (path, name) in try storedFiles() where !used.contains(name.string) {
      freed += try files.status(of: path).status.size
      cache.forget(path)
      try files.removeIfPresent(path)
    }
    for folder in try files.sortedNames(in: storeFolder) where folder.string.count == 2 {
      do {
        try files.removeFolder(storeFolder.appending(folder))
      } catch .system(_, _, .directoryNotEmpty) {}
    }
    return freed
  }

  /// All files in the store's folders.
  func storedFiles() throws(PipelineError) -> [(path: FilePath, name: FilePath.Component)] {
    var found: [(path: FilePath, name: FilePath.Component)] = []
    for folder in try files.sortedNames(in: storeFolder) where folder.string.count == 2 {
      for name in try files.sortedNames(in: storeFolder.appending(folder)) {
        found.append((storeFolder.appending(folder).appending(name), name))
      }
    }
    return found
  }

  private func pipelines() throws(PipelineError) -> [String] {
    try files.sortedNames(in: root).map(\.string).filter { !Self.reservedNames.contains($0) }
  }

  private func fingerprints(of pipeline: String) throws(PipelineError) -> Set<Digest> {
    var found: Set<Digest> = []
    for stage in try pointers(of: pipeline) {
      if let fingerprint = try publishedFingerprint(pipeline: pipeline, stage: stage) {
        found.insert(fingerprint)
      }
    }
    return found
  }

  /// Readable names are links: a file that somebody has put there is theirs.
  private func belongsToStore(_ name: FilePath.Component, at path: FilePath) throws(PipelineError) -> Bool {
    switch name.extension {
    case "h5": try files.kind(of: path) == .link
    case "log": true
    case "record": name.string.hasPrefix(".")
    default: false
    }
  }
}
