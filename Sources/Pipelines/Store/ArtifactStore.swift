import SystemPackage

/// The folder `artifacts/`: finished files under their hashes, records of how they were made, readable
/// names, checkpoints, and a cache of hashes.
///
///     artifacts/store/ab/abc….h5       finished artifacts, named by their SHA-256
///     artifacts/records/FINGERPRINT    how each was made
///     artifacts/PIPELINE/STAGE.h5      a symbolic link into the store
///     artifacts/PIPELINE/.STAGE.record the fingerprint that the link stands for
///     artifacts/checkpoints/           state of unfinished stages
///     artifacts/jobs/FINGERPRINT/      a stage that was given to a cluster
///     artifacts/stat-cache             hashes by path, inode, size and times
///     artifacts/lock                   held by the run that writes here
///
/// Reading never writes anything but the cache, and needs no lock. Every file appears under its name only
/// when it is whole and on the disk; any of them may be deleted at the cost of a rebuild.
package final class ArtifactStore: Sendable {
  package let root: FilePath
  package let files: FileSystem
  package let cache: StatCache

  /// Names in the root that no pipeline may have.
  static let reservedNames: Set<String> = [
    "store", "records", "checkpoints", "jobs", "lock", "stat-cache",
  ]

  package init(root: FilePath, files: FileSystem = FileSystem()) {
    self.root = root
    self.files = files
    cache = StatCache(path: root.appending("stat-cache"), files: files)
  }

  var storeFolder: FilePath { root.appending("store") }
  var recordsFolder: FilePath { root.appending("records") }
  var checkpointsFolder: FilePath { root.appending("checkpoints") }
  var jobsFolder: FilePath { root.appending("jobs") }

  /// Where the artifact with a hash lies.
  package func path(of fileHash: Digest) -> FilePath {
    storeFolder.appending(String(fileHash.text.prefix(2))).appending(fileHash.text + ".h5")
  }

  /// The readable name of a stage's artifact.
  package func link(pipeline: String, stage: String) -> FilePath {
    root.appending(pipeline).appending(stage + ".h5")
  }

  func recordPath(_ fingerprint: Digest) -> FilePath { recordsFolder.appending(fingerprint.text) }

  func pointerPath(pipeline: String, stage: String) -> FilePath {
    root.appending(pipeline).appending(".\(stage).record")
  }
}

// MARK: - Reading

extension ArtifactStore {
  /// The record of an artifact; `nil` when there is none that can be read.
  func record(_ fingerprint: Digest) throws(PipelineError) -> ArtifactRecord? {
    try recordFile(fingerprint)?.content
  }

  /// The file of an artifact's record; `nil` when there is none.
  func recordFile(_ fingerprint: Digest) throws(PipelineError) -> SealedFile<ArtifactRecord>? {
    let file = try files.read(ArtifactRecord.self, at: recordPath(fingerprint))
    guard let record = file?.content, record.fingerprint != fingerprint else { return file }
    return .damaged
  }

  /// All records that can be read.
  func allRecords() throws(PipelineError) -> [ArtifactRecord] {
    var records: [ArtifactRecord] = []
    for name in try files.sortedNames(in: recordsFolder) {
      guard let fingerprint = Digest(name.string), let record = try record(fingerprint) else { continue }
      records.append(record)
    }
    return records
  }

  /// The fingerprint that was last published under a stage's name.
  func publishedFingerprint(pipeline: String, stage: String) throws(PipelineError) -> Digest? {
    try pointerFile(pipeline: pipeline, stage: stage)?.content?.fingerprint
  }

  func pointerFile(
    pipeline: String, stage: String
  ) throws(PipelineError) -> SealedFile<RecordPointer>? {
    try files.read(RecordPointer.self, at: pointerPath(pipeline: pipeline, stage: stage))
  }

  /// The record that was last published under a stage's name, whether or not it is still up to date.
  ///
  /// - Throws: `PipelineError` when the store cannot be read.
  package func publishedRecord(pipeline: String, stage: String) throws -> ArtifactRecord? {
    guard let fingerprint = try publishedFingerprint(pipeline: pipeline, stage: stage) else {
      return nil
    }
    return try record(fingerprint)
  }

  /// The stages of a pipeline that were built, by name.
  ///
  /// - Throws: `PipelineError` when the store cannot be read.
  package func builtStages(of pipeline: String) throws -> [String] { try pointers(of: pipeline) }

  func pointers(of pipeline: String) throws(PipelineError) -> [String] {
    try files.sortedNames(in: root.appending(pipeline)).map(\.string)
      .filter { $0.hasPrefix(".") && $0.hasSuffix(".record") }
      .map { String($0.dropFirst().dropLast(".record".count)) }
  }

  /// The stages that were given to a cluster, by fingerprint.
  func jobFingerprints() throws(PipelineError) -> [Digest] {
    try files.sortedNames(in: jobsFolder).compactMap { Digest($0.string) }
  }

  /// Whether an artifact's file is there and has the bytes that were recorded.
  ///
  /// - Throws: `PipelineError` when that cannot be found out.
  package func condition(of record: ArtifactRecord) throws -> ArtifactCondition {
    try condition(of: path(of: record.fileHash), hash: record.fileHash, size: record.size)
  }

  func condition(
    of path: FilePath, hash: Digest, size: Int64
  ) throws(PipelineError) -> ArtifactCondition {
    do {
      // The size first: it tells most damage without reading.
      guard try files.status(of: path).status.size == size else { return .damaged }
      return try cache.digest(of: path).digest == hash ? .whole : .damaged
    } catch .system(_, _, .noSuchFileOrDirectory), .system(_, _, .notDirectory) {
      return .missing
    } catch .notAFile {
      return .damaged
    }
  }

  /// Saves what was learned about hashes. A reader of a store that it may not write to goes without.
  package func saveCacheIfPossible() {
    try? cache.save()
  }
}

/// Which record belongs to a stage's readable name.
struct RecordPointer: SealedContent {
  static var format: String { "winnow-pointer-2" }

  let fingerprint: Digest
}

/// The state of a file in the store.
package enum ArtifactCondition: Hashable, Sendable {
  case whole, missing, damaged
}
