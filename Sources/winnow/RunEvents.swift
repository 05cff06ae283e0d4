import Pipelines
import Synchronization
import SystemPackage

/// Tells of a run in JSON, a line for each event.
final class RunEvents: RunReporter {
  /// Takes a line, without its end.
  private let write: @Sendable (String) -> Void
  /// When progress of a stage was last told.
  private let lastProgress = Mutex<[String: ContinuousClock.Instant]>([:])
  private let output = Mutex<Void>(())

  /// Between ends of epochs, which are always told.
  private static let progressInterval = Duration.seconds(1)

  init(to write: @escaping @Sendable (String) -> Void) { self.write = write }

  private func tell(_ event: RunEvent, _ fill: (inout RunEvent) -> Void = { _ in }) {
    var event = event
    fill(&event)
    do {
      let line = try event.line
      // Stages may run side by side.
      output.withLock { _ in write(line) }
    } catch {
      Output.message("an event cannot be written as JSON: \(error)")
    }
  }

  func runWaits(for holder: LockHolder?) {
    tell(RunEvent(.runWaits)) {
      $0.message = holder.map { "process \($0.processID), which runs '\($0.manifest)'" } ?? "another process"
    }
  }

  func runStarted(_ plan: RunPlan, _ estimate: RunEstimate) {
    tell(RunEvent(.runStarted)) {
      ($0.pipeline, $0.stages, $0.toRun) = (plan.pipeline, plan.stages.count, plan.unfinished.count)
    }
  }

  func stageFresh(_ stage: String, _ record: ArtifactRecord) { tell(RunEvent(.stageFresh, stage: stage)) }

  func stageStarted(
    _ stage: String, number: Int, of total: Int, reasons: [StaleReason], checkpoint: CheckpointRecord?
  ) {
    tell(RunEvent(.stageStarted, stage: stage)) {
      ($0.number, $0.of, $0.reasons) = (number, total, reasons.map(\.description))
      $0.resumesFrom = checkpoint?.label
    }
  }

  func stageProgressed(_ stage: String, _ progress: StageProgress) {
    let now = ContinuousClock.now
    let isDue = lastProgress.withLock { last in
      if !progress.isMilestone, let time = last[stage], now - time < Self.progressInterval { return false }
      last[stage] = now
      return true
    }
    guard isDue else { return }
    tell(RunEvent(.progress, stage: stage)) {
      ($0.done, $0.total, $0.label) = (progress.done, progress.total, progress.label)
      ($0.rate, $0.detail) = (progress.rate, progress.detail)
    }
  }

  func stageNoted(_ stage: String, _ note: StageNote) {
    tell(RunEvent(note.isWarning ? .warning : .note, stage: stage)) { $0.text = note.text }
  }

  func checkpointIgnored(_ stage: String, _ reason: IgnoredCheckpoint) {
    tell(RunEvent(.checkpointIgnored, stage: stage)) { $0.message = reason.description }
  }

  func stageFinished(_ stage: String, _ record: ArtifactRecord, path: FilePath) {
    tell(RunEvent(.stageFinished, stage: stage)) {
      ($0.seconds, $0.path, $0.bytes) = (record.wallSeconds, path.string, record.size)
    }
  }

  func stageFailed(_ stage: String, _ error: PipelineError) {
    tell(RunEvent(.stageFailed, stage: stage)) { $0.message = error.description }
  }

  func stageStopped(_ stage: String) { tell(RunEvent(.stageStopped, stage: stage)) }

  func stageSkipped(_ stage: String, because failed: [String]) {
    tell(RunEvent(.stageSkipped, stage: stage)) { $0.because = failed }
  }

  func runFinished(_ summary: RunSummary) {
    tell(RunEvent(.runFinished)) {
      ($0.built, $0.fresh, $0.failed, $0.skipped) = (summary.built, summary.fresh, summary.failed, summary.skipped)
      $0.seconds = summary.wallSeconds
    }
  }

  func jobSubmitted(_ stage: String, job: String, log: FilePath) {
    tell(RunEvent(.jobSubmitted, stage: stage)) { ($0.job, $0.path) = (job, log.string) }
  }

  func jobFound(_ stage: String, job: String, log: FilePath) {
    tell(RunEvent(.jobFound, stage: stage)) { ($0.job, $0.path) = (job, log.string) }
  }

  func jobChanged(_ stage: String, job: String, state: String) {
    tell(RunEvent(.jobChanged, stage: stage)) { ($0.job, $0.state) = (job, state) }
  }

  func jobLost(_ stage: String, job: String, state: String?, log: FilePath) {
    tell(RunEvent(.jobLost, stage: stage)) { ($0.job, $0.state, $0.path) = (job, state, log.string) }
  }

  func queueSilent() { tell(RunEvent(.queueSilent)) }

  func stageLeft(_ stage: String, job: String) { tell(RunEvent(.stageLeft, stage: stage)) { $0.job = job } }

  /// What no stage says.
  func message(_ text: String) { tell(RunEvent(.message)) { $0.text = text } }
}
