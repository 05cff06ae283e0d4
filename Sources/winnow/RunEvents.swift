import Pipelines
import Synchronization
import SystemPackage

/// Tells of a run in JSON on the standard output, a line for each event.
final class RunEvents: RunReporter {
  /// When progress of a stage was last told.
  private let lastProgress = Mutex<[String: ContinuousClock.Instant]>([:])
  private let output = Mutex<Void>(())

  /// Between ends of epochs, which are always told.
  private static let progressInterval = Duration.seconds(1)

  private func tell(_ event: RunEvent, _ fill: (inout RunEvent) -> Void = { _ in }) {
    var event = event
    fill(&event)
    do {
      let line = try event.line
      // Stages may run side by side.
      output.withLock { _ in Output.result(line) }
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
}
