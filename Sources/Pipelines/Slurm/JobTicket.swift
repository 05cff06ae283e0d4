import SystemPackage

/// What a job is given to do: a small file that `winnow work` reads.
struct JobTicket: SealedContent {
  static var format: String { "winnow-ticket-1" }

  let task: StageTask
  /// The store's folder.
  let root: FilePath
  /// The job's name in its folder.
  let name: JobName
}

/// What tells the jobs of a stage apart: one that ended without a result has a successor, and one of a run that
/// was killed before it knew the job's number must not be taken for it.
struct JobName: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Counted from 1.
  let attempt: Int
  private let token: UInt32

  init(attempt: Int) {
    self.attempt = attempt
    token = UInt32.random(in: 0...UInt32.max)
  }

  var description: String { "\(attempt)-\(String(token, radix: 16))" }
}

/// What a job has left: a small file beside the one that its stage wrote.
struct JobResult: SealedContent {
  static var format: String { "winnow-job-result-1" }

  enum Ending: Hashable, Sendable, Codable {
    /// Of the stage's file: its bytes have been flushed to the disk.
    case done(StageResult, fileHash: Digest)
    /// The message, with what to do about it, and the status to exit with.
    case failed(message: String, status: Int32)
  }

  let ending: Ending
}

/// What is known of a stage's job that was submitted.
struct JobRecord: SealedContent {
  static var format: String { "winnow-job-1" }

  /// Slurm's number.
  let id: String
  let name: JobName
  /// What the job asked for, in bytes; `nil` where it left that to Slurm.
  let memory: Double?
}
