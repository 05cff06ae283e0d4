import SystemPackage

extension ArtifactStore {
  /// Ends the jobs that a pipeline has in Slurm's queue, and forgets them; checkpoints stay.
  ///
  /// - Parameter isStrict: whether it is an error that Slurm cannot be told.
  /// - Returns: the stages whose jobs were ended.
  /// - Throws: `PipelineError.locked` while a run is writing; `SlurmError` when Slurm is not there.
  package func cancelJobs(of pipeline: String, isStrict: Bool = true) throws -> [String] {
    guard try files.exists(jobsFolder) else { return [] }
    let lock = try StoreLock.take(
      self, manifest: "cancel \(pipeline)", wait: false, interruption: Interruption(), isBusy: { _ in })
    defer { withExtendedLifetime(lock) {} }
    var ended: [String] = []
    var ids: [String] = []
    var folders: [JobFolder] = []
    for fingerprint in try jobFingerprints() {
      let folder = JobFolder(store: self, fingerprint: fingerprint)
      // One without a job's number is of a run that was killed at the wrong moment; nobody waits for it.
      guard let record = try folder.record(), let ticket = try folder.ticket(record.name) else { continue }
      guard ticket.task.pipeline == pipeline else { continue }
      ended.append(ticket.task.stage)
      ids.append(record.id)
      folders.append(folder)
    }
    do {
      try SlurmCommands(files: files).cancel(ids)
    } catch where !isStrict {}
    for folder in folders { try folder.remove() }
    return ended.sorted()
  }
}
