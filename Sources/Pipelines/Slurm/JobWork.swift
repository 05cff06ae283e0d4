import SystemPackage

/// The part of a job: does the work of a stage's ticket, and leaves its result.
package struct JobWork {
  private let ticket: JobTicket
  private let kind: any Stage.Type
  private let store: ArtifactStore
  private let reporter: any RunReporter
  private let interruption: Interruption

  /// - Parameter path: The ticket.
  /// - Throws: `PipelineError` when it cannot be read; `JobTicketError` when this program cannot do its work.
  package init(
    ticket path: FilePath, _ catalogue: StageCatalogue, reporter: any RunReporter,
    interruption: Interruption
  ) throws {
    guard let found = try FileSystem().read(JobTicket.self, at: path) else {
      throw PipelineError.system(.open, path: path, .noSuchFileOrDirectory)
    }
    guard let ticket = found.content, ticket.task.programVersion == programVersion,
      let kind = catalogue[ticket.task.kind], kind.declaration.version == ticket.task.version
    else { throw JobTicketError(path: path) }
    self.ticket = ticket
    self.kind = kind
    self.reporter = reporter
    self.interruption = interruption
    var files = FileSystem()
    files.temporaryMark = JobFolder.temporaryMark(ticket.task.fingerprint, ticket.name)
    store = ArtifactStore(root: ticket.root, files: files)
  }

  package var stage: String { ticket.task.stage }

  /// Works up to the end, from the last checkpoint on where there is one.
  ///
  /// - Throws: what the stage throws, after that has been written down; `StageInterrupted`, of which nothing
  ///   is written down: there is to be another job then.
  package func perform() throws {
    let (task, name) = (ticket.task, ticket.name)
    let folder = JobFolder(store: store, fingerprint: task.fingerprint)
    if try folder.result(name) != nil { return }
    do {
      let work = StageWork(
        task: task, kind: kind, store: store, reporter: reporter, interruptions: [interruption])
      try requireInputs()
      let result = try work.perform()
      try store.files.flushFile(result.output)
      let hash = try store.files.hash(result.output).digest
      try folder.write(JobResult(ending: .done(result, fileHash: hash)), of: name)
    } catch {
      if error is StageInterrupted { throw error }
      let failure = PipelineError.stageFailed(stage: task.stage, error)
      try folder.write(
        JobResult(ending: .failed(message: Self.message(error), status: failure.exitStatus.rawValue)),
        of: name)
      throw failure
    }
  }

  /// The inputs, looked at once more: the job may have waited for days.
  private func requireInputs() throws {
    for file in ticket.task.inputs.values.flatMap({ $0 }) {
      guard let hash = file.path.stem.flatMap({ Digest($0) }),
        try store.files.hash(file.path).digest == hash
      else { throw PipelineError.lostInput(stage: ticket.task.stage, path: file.path) }
    }
  }

  private static func message(_ error: any Error) -> String {
    (error as? PipelineError)?.description ?? "\(error)"
  }
}

/// A ticket that this program cannot do the work of: it is damaged, or another version's.
package struct JobTicketError: Error, CustomStringConvertible, ErrorWithExitStatus {
  package let path: FilePath

  package var description: String {
    "'\(path)' is no work for winnow \(programVersion): it is damaged, or of another version"
  }

  package var exitStatus: ExitStatus { .data }
}
