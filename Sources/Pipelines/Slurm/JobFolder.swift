import SystemPackage

/// Where a stage's job and the run that waits for it meet: `artifacts/jobs/FINGERPRINT/`.
///
///     job            which job was submitted last
///     ticket-NAME    what the job of that name is to do
///     script-NAME    what Slurm runs
///     output-NAME    the stage's file, as the job writes it
///     result-NAME    how that ended; it is there when the file is whole
///     log-NAME       what the job said
struct JobFolder {
  let store: ArtifactStore
  let fingerprint: Digest

  private var files: FileSystem { store.files }
  var path: FilePath { store.jobsFolder.appending(fingerprint.text) }

  func ticketPath(_ name: JobName) -> FilePath { path.appending("ticket-\(name)") }
  func scriptPath(_ name: JobName) -> FilePath { path.appending("script-\(name)") }
  func outputPath(_ name: JobName) -> FilePath { path.appending("output-\(name).h5") }
  func logPath(_ name: JobName) -> FilePath { path.appending("log-\(name)") }
  private var recordPath: FilePath { path.appending("job") }
  private func resultPath(_ name: JobName) -> FilePath { path.appending("result-\(name)") }

  /// What the temporary files of a job have in their names: not its process, which may be on another machine.
  static func temporaryMark(_ fingerprint: Digest, _ name: JobName) -> String {
    "job\(fingerprint.text.prefix(16))-\(name)"
  }

  func ticket(_ name: JobName) throws(PipelineError) -> JobTicket? {
    try files.read(JobTicket.self, at: ticketPath(name))?.content
  }

  func record() throws(PipelineError) -> JobRecord? {
    try files.read(JobRecord.self, at: recordPath)?.content
  }

  func result(_ name: JobName) throws(PipelineError) -> JobResult? {
    try files.read(JobResult.self, at: resultPath(name))?.content
  }

  func write(_ ticket: JobTicket) throws(PipelineError) {
    try files.makeFolders(path)
    try files.replace(ticketPath(ticket.name), by: ticket)
  }

  func write(script: String, of name: JobName) throws(PipelineError) {
    try files.replaceFile(at: scriptPath(name), with: Array(script.utf8))
  }

  func write(_ record: JobRecord) throws(PipelineError) { try files.replace(recordPath, by: record) }

  func write(_ result: JobResult, of name: JobName) throws(PipelineError) {
    try files.replace(resultPath(name), by: result)
  }

  /// Removes the folder, and temporary files that its jobs left among the checkpoints.
  ///
  /// - Parameter log: where the last job's messages go; `nil` removes them as well.
  func remove(keepingLogOf name: JobName? = nil, at log: FilePath? = nil) throws(PipelineError) {
    if let name, let log {
      do {
        try files.makeFolders(log.removingLastComponent())
        try files.rename(logPath(name), to: log)
      } catch .system(.rename, _, .noSuchFileOrDirectory) {}
    }
    for name in try files.sortedNames(in: path) { try files.removeIfPresent(path.appending(name)) }
    do {
      try files.removeFolder(path)
    } catch .system(_, _, .noSuchFileOrDirectory), .system(_, _, .directoryNotEmpty) {}
    let mark = FileSystem.temporaryPrefix + "job\(fingerprint.text.prefix(16))-"
    for name in try files.sortedNames(in: store.checkpointsFolder) where name.string.hasPrefix(mark) {
      try files.removeIfPresent(store.checkpointsFolder.appending(name))
    }
  }
}
