import SystemPackage

/// Only the holder of the lock may call these.
extension ArtifactStore {
  /// A path for a file that will be published.
  func temporaryArtifact() throws(PipelineError) -> FilePath {
    try files.makeFolders(storeFolder)
    return files.temporaryPath(in: storeFolder)
  }

  /// Moves a complete, flushed file to the path that its hash determines.
  func adopt(_ temporary: FilePath, hash: Digest) throws(PipelineError) {
    let path = path(of: hash)
    let folder = path.removingLastComponent()
    try files.makeFolders(folder)
    // What the cache knows of a damaged file in this place must not outlive it.
    cache.forget(path)
    try files.rename(temporary, to: path)
    try files.flushFolder(folder)
  }

  func write(_ record: ArtifactRecord) throws(PipelineError) {
    try files.makeFolders(recordsFolder)
    try files.replace(recordPath(record.fingerprint), by: record)
  }

  /// Gives an artifact its readable name, unless it has it.
  func link(_ record: ArtifactRecord, pipeline: String, stage: String) throws(PipelineError) {
    let link = link(pipeline: pipeline, stage: stage)
    let hash = record.fileHash.text
    let target = FilePath("../store/\(hash.prefix(2))/\(hash).h5")
    if try currentTarget(of: link) != target {
      try files.makeFolders(link.removingLastComponent())
      try files.replaceLink(at: link, to: target)
    }
    if try publishedFingerprint(pipeline: pipeline, stage: stage) != record.fingerprint {
      try files.replace(
        pointerPath(pipeline: pipeline, stage: stage),
        by: RecordPointer(fingerprint: record.fingerprint))
    }
  }

  private func currentTarget(of link: FilePath) throws(PipelineError) -> FilePath? {
    do {
      return try files.target(ofLink: link)
    } catch .system(_, _, .noSuchFileOrDirectory), .system(_, _, .invalidArgument),
      .system(_, _, .notDirectory)
    {
      return nil
    }
  }
}
