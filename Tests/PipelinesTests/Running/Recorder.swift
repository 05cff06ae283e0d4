import Pipelines
import Synchronization
import SystemPackage

/// Writes down what a run reports.
final class Recorder: RunReporter {
  private let lines = Mutex<[String]>([])
  private let onWaiting: @Sendable () -> Void
  private let onProgress: @Sendable (StageProgress) -> Void

  init(
    onProgress: @escaping @Sendable (StageProgress) -> Void = { _ in },
    onWaiting: @escaping @Sendable () -> Void = {}
  ) {
    self.onWaiting = onWaiting
    self.onProgress = onProgress
  }

  var events: [String] { lines.withLock { $0 } }

  private func add(_ line: String) { lines.withLock { $0.append(line) } }

  func runWaits(for holder: LockHolder?) {
    add("waits for \(holder?.manifest ?? "?")")
    onWaiting()
  }

  func runStarted(_ plan: RunPlan, _ estimate: RunEstimate) {
    add("run \(plan.unfinished.count) of \(plan.stages.count)")
  }

  func stageFresh(_ stage: String, _ record: ArtifactRecord) { add("fresh \(stage)") }

  func stageStarted(
    _ stage: String, number: Int, of total: Int, reasons: [StaleReason],
    checkpoint: CheckpointRecord?
  ) {
    let from = checkpoint.map { " from \($0.label)" } ?? ""
    add("start \(stage) \(number)/\(total)\(from): \(reasons.map(\.description).joined(separator: "; "))")
  }

  func stageProgressed(_ stage: String, _ progress: StageProgress) { onProgress(progress) }

  func stageNoted(_ stage: String, _ note: StageNote) { add("note \(stage): \(note.text)") }

  func checkpointIgnored(_ stage: String, _ reason: IgnoredCheckpoint) { add("ignored \(stage): \(reason)") }

  func stageFinished(_ stage: String, _ record: ArtifactRecord, path: FilePath) {
    add("finished \(stage) \(path.lastComponent?.string ?? "")")
  }

  func stageFailed(_ stage: String, _ error: PipelineError) { add("failed \(stage)") }

  func stageStopped(_ stage: String) { add("stopped \(stage)") }

  func stageSkipped(_ stage: String, because failed: [String]) {
    add("skipped \(stage) for \(failed.joined(separator: " "))")
  }

  func runFinished(_ summary: RunSummary) { add("done \(summary.built.count)") }

  func jobSubmitted(_ stage: String, job: String, log: FilePath) { add("submitted \(stage)") }

  func jobFound(_ stage: String, job: String, log: FilePath) { add("found \(stage)") }

  func jobChanged(_ stage: String, job: String, state: String) { add("changed \(stage) \(state)") }

  func jobLost(_ stage: String, job: String, state: String?, log: FilePath) { add("lost \(stage)") }

  func queueSilent() { add("queue silent") }

  func stageLeft(_ stage: String, job: String) { add("left \(stage)") }
}
