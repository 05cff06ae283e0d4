import SystemPackage

/// Receives what happens during a run, to show it. The command implements it; tests record it.
///
/// None has a default: whoever conforms says what it ignores.
package protocol RunReporter: StageReporter {
  /// Another process is writing to the store; the run waits for it.
  func runWaits(for holder: LockHolder?)
  /// - Parameter estimate: what the stages that run, or may have to, will take.
  func runStarted(_ plan: RunPlan, _ estimate: RunEstimate)
  /// The artifact is up to date.
  func stageFresh(_ stage: String, _ record: ArtifactRecord)
  /// - Parameters:
  ///   - number: Counted from 1, among all stages of the run.
  ///   - checkpoint: The state that it may resume from.
  func stageStarted(
    _ stage: String, number: Int, of total: Int, reasons: [StaleReason],
    checkpoint: CheckpointRecord?)
  /// A checkpoint is there and cannot be used: the stage starts from the beginning.
  func checkpointIgnored(_ stage: String, _ reason: IgnoredCheckpoint)
  /// The artifact is published; `path` is its readable name.
  func stageFinished(_ stage: String, _ record: ArtifactRecord, path: FilePath)
  func stageFailed(_ stage: String, _ error: PipelineError)
  /// The stage was running when another one failed; its checkpoint is kept.
  func stageStopped(_ stage: String)
  /// The stage was left out because one that it needs failed.
  func stageSkipped(_ stage: String, because failed: [String])
  func runFinished(_ summary: RunSummary)

  /// A stage was given to a cluster as a job, whose messages are in `log`.
  func jobSubmitted(_ stage: String, job: String, log: FilePath)
  /// An earlier run had given it.
  func jobFound(_ stage: String, job: String, log: FilePath)
  /// The job has another state, in the cluster's words.
  func jobChanged(_ stage: String, job: String, state: String)
  /// The job has ended without a result; another one takes its place.
  func jobLost(_ stage: String, job: String, state: String?, log: FilePath)
  /// The cluster does not say how its jobs are.
  func queueSilent()
  /// The run ends, and the job goes on.
  func stageLeft(_ stage: String, job: String)
}

/// Why a checkpoint is not used.
package enum IgnoredCheckpoint: Hashable, Sendable, CustomStringConvertible {
  case damaged
  /// It is in the format of another version of the program.
  case otherFormat
  case otherProgramVersion(String)
  /// The stage's parameters or inputs were others. It stays, for when they are those again.
  case otherFingerprint(label: String)

  package var description: String {
    switch self {
    case .damaged: "the checkpoint is damaged"
    case .otherFormat: "the checkpoint was written by another version of winnow"
    case .otherProgramVersion(let version): "the checkpoint was written by version \(version)"
    case .otherFingerprint(let label):
      "the checkpoint at \(label) belongs to other parameters or inputs"
    }
  }
}

/// What a run did.
package struct RunSummary: Sendable {
  /// The stages that ran, in order.
  package var built: [String] = []
  /// The stages that were up to date.
  package var fresh: [String] = []
  package var failed: [String] = []
  /// The stages that were left out because one that they need failed.
  package var skipped: [String] = []
  /// The stages whose work goes on elsewhere, for a later run to take.
  package var left: [String] = []
  package var wallSeconds: Double = 0
  /// What was expected of stages that were built from the beginning to the end, and what it was.
  package var comparison: EstimateComparison?

  package init() {}
}
