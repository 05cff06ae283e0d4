import SystemPackage

extension ArtifactStore {
  func checkpointPath(_ fingerprint: Digest, slot: CheckpointRecord.Slot) -> FilePath {
    checkpointsFolder.appending("\(fingerprint.text).\(slot.rawValue).h5")
  }

  func checkpointRecordPath(_ fingerprint: Digest) -> FilePath {
    checkpointsFolder.appending("\(fingerprint.text).record")
  }

  /// Whether something was saved for a fingerprint, usable or not.
  func hasCheckpoint(_ fingerprint: Digest) throws(PipelineError) -> Bool {
    try files.exists(checkpointRecordPath(fingerprint))
  }

  /// What was last saved for a fingerprint; `nil` when there is nothing or its record cannot be read.
  func checkpointRecord(_ fingerprint: Digest) throws(PipelineError) -> CheckpointRecord? {
    try checkpointRecordFile(fingerprint)?.content
  }

  /// The file of a checkpoint's record; `nil` when there is none.
  func checkpointRecordFile(
    _ fingerprint: Digest
  ) throws(PipelineError) -> SealedFile<CheckpointRecord>? {
    let file = try files.read(CheckpointRecord.self, at: checkpointRecordPath(fingerprint))
    guard let record = file?.content, record.fingerprint != fingerprint else { return file }
    return .damaged
  }

  /// The running program, as checkpoints name it.
  func runningProgram(version: String) -> ProgramIdentity {
    ProgramIdentity(version: version, build: .running(cache))
  }

  /// Whether a checkpoint's file is there and has the bytes that were recorded. Reads all of it.
  func isWhole(_ record: CheckpointRecord) throws(PipelineError) -> Bool {
    do {
      let path = checkpointPath(record.fingerprint, slot: record.slot)
      return try files.hash(path).digest == record.fileHash
    } catch .system(.open, _, .noSuchFileOrDirectory), .notAFile {
      return false
    }
  }

  /// The fingerprints that have a checkpoint's record, whole or not.
  func checkpointFingerprints() throws(PipelineError) -> [Digest] {
    try files.sortedNames(in: checkpointsFolder).compactMap {
      $0.extension == "record" ? Digest($0.stem) : nil
    }
  }

  /// Removes the checkpoint of a stage that is finished.
  func removeCheckpoint(_ fingerprint: Digest) throws(PipelineError) {
    // The record first: without it the files mean nothing.
    try files.removeIfPresent(checkpointRecordPath(fingerprint))
    try files.removeIfPresent(checkpointPath(fingerprint, slot: .a))
    try files.removeIfPresent(checkpointPath(fingerprint, slot: .b))
  }

  /// Removes checkpoints without a record: a crash may leave them, before the record is there or after it
  /// went.
  func removeOrphanedCheckpoints() throws(PipelineError) {
    let names = try files.sortedNames(in: checkpointsFolder)
    var recorded = Set(names.filter { $0.extension == "record" }.map(\.stem))
    // A job may just be saving one.
    recorded.formUnion(try jobFingerprints().map(\.text))
    for name in names where name.extension == "h5" {
      let stem = name.string.prefix { $0 != "." }
      guard Digest(stem) != nil, !recorded.contains(String(stem)) else { continue }
      try files.removeIfPresent(checkpointsFolder.appending(name))
    }
  }

  /// Removes the checkpoints of a pipeline, and those that cannot be read.
  ///
  /// - Returns: the number of bytes that were freed.
  func removeCheckpoints(of pipeline: String) throws(PipelineError) -> Int64 {
    var kept: Set<String> = []
    for fingerprint in try checkpointFingerprints() {
      guard let record = try checkpointRecord(fingerprint), record.pipeline != pipeline else { continue }
      kept.insert(fingerprint.text)
    }
    var freed: Int64 = 0
    for name in try files.sortedNames(in: checkpointsFolder) {
      guard let fingerprint = Digest(name.string.prefix { $0 != "." }) else { continue }
      if kept.contains(fingerprint.text) { continue }
      let path = checkpointsFolder.appending(name)
      freed += try files.status(of: path).status.size
      try files.removeIfPresent(path)
    }
    return freed
  }
}
