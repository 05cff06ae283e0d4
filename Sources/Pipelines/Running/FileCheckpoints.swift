import Foundation
import HDF5
import SystemPackage

/// Checkpoints of one stage in the store's folder.
final class FileCheckpoints: Checkpoints {
  private let store: ArtifactStore
  private let fingerprint: Digest
  private let pipeline: String
  private let stage: String
  private let program: ProgramIdentity
  private let interval: Duration
  private let reporter: any RunReporter
  private var lastSave = ContinuousClock.now
  /// Whether the stage was given a state of an earlier run to go on from.
  private(set) var wasUsed = false
  /// Whether what is there was saved by this run: a stage that trains several networks looks again before each.
  private var hasSaved = false

  init(
    store: ArtifactStore, fingerprint: Digest, pipeline: String, stage: String,
    program: ProgramIdentity, interval: Duration, reporter: any RunReporter
  ) {
    self.store = store
    self.fingerprint = fingerprint
    self.pipeline = pipeline
    self.stage = stage
    self.program = program
    self.interval = interval
    self.reporter = reporter
  }

  var isDue: Bool { ContinuousClock.now - lastSave >= interval }

  func latest() throws -> HDF5.File? {
    guard let record = try usableRecord() else { return nil }
    let file = try HDF5.File.open(at: store.checkpointPath(fingerprint, slot: record.slot))
    if !hasSaved { wasUsed = true }
    return file
  }

  private func usableRecord() throws(PipelineError) -> CheckpointRecord? {
    switch try store.checkpointRecordFile(fingerprint) {
    case nil: return try foreignRecord().flatMap { ignore(.otherFingerprint(label: $0.label)) }
    case .damaged: return ignore(.damaged)
    case .otherFormat: return ignore(.otherFormat)
    case .whole(let record) where record.program != program:
      return ignore(.otherProgramVersion(record.program.text(besides: program)))
    case .whole(let record): return try store.isWhole(record) ? record : ignore(.damaged)
    }
  }

  /// What the stage saved last when it was another one.
  private func foreignRecord() throws(PipelineError) -> CheckpointRecord? {
    var last: CheckpointRecord?
    for fingerprint in try store.checkpointFingerprints() {
      guard let record = try store.checkpointRecord(fingerprint), record.pipeline == pipeline,
        record.stage == stage, record.savedAt >= last?.savedAt ?? .distantPast
      else { continue }
      last = record
    }
    return last
  }

  private func ignore(_ reason: IgnoredCheckpoint) -> CheckpointRecord? {
    reporter.checkpointIgnored(stage, reason)
    return nil
  }

  func save(label: String, _ write: (HDF5.File) throws -> Void) throws {
    let files = store.files
    try files.makeFolders(store.checkpointsFolder)
    let slot = try store.checkpointRecord(fingerprint)?.slot.other ?? .a
    let temporary = files.temporaryPath(in: store.checkpointsFolder)
    do {
      let file = try files.createHDF5(at: temporary)
      try write(file)
      try file.close()
      try files.flushFile(temporary)
      let (hash, status) = try files.hash(temporary)
      try files.rename(temporary, to: store.checkpointPath(fingerprint, slot: slot))
      try files.flushFolder(store.checkpointsFolder)
      let record = CheckpointRecord(
        fingerprint: fingerprint, pipeline: pipeline, stage: stage, label: label,
        savedAt: files.wholeSeconds(), program: program, fileHash: hash, size: status.size, slot: slot)
      try files.replace(store.checkpointRecordPath(fingerprint), by: record)
    } catch {
      try? files.remove(temporary)
      throw error
    }
    try files.removeIfPresent(store.checkpointPath(fingerprint, slot: slot.other))
    lastSave = .now
    hasSaved = true
  }
}
