import Glibc
import Pipelines
import Synchronization
import SystemPackage

/// Shows a run: what the stages say on the standard output, how it goes on the standard error. There, a
/// terminal gets a line that is rewritten; a log gets a line for each step that matters.
final class RunDisplay: RunReporter {
  private struct State {
    var position = ""
    /// When the stage's first step was reported, and how many steps were behind it then.
    var start: (time: ContinuousClock.Instant, done: Int)?
    var lastDrawing: ContinuousClock.Instant?
    /// Whether a progress line is on the terminal.
    var isDrawn = false
    /// The stage under whose heading the last note was shown.
    var heading: String?
  }

  private let state = Mutex(State())
  private let isTerminal: Bool
  /// Whether failures are told when they happen: the end of the run, which repeats them, may be far.
  private let tellsFailures: Bool

  init(isTerminal: Bool = isatty(STDERR_FILENO) == 1, tellsFailures: Bool = false) {
    self.isTerminal = isTerminal
    self.tellsFailures = tellsFailures
  }

  private static let drawingInterval = Duration.milliseconds(100)

  func runWaits(for holder: LockHolder?) {
    let who = holder.map { "process \($0.processID), which runs '\($0.manifest)'" }
    message("waiting for \(who ?? "another process") to finish writing")
  }

  func runStarted(_ plan: RunPlan) {
    let count = plan.unfinished.count
    guard count > 0 else { return }
    let fresh = plan.stages.count - count
    message(
      "\(plan.pipeline): \(count) of \(plan.stages.count) stages to run"
        + (fresh > 0 ? ", \(fresh) up to date" : ""))
  }

  func stageStarted(
    _ stage: String, number: Int, of total: Int, reasons: [StaleReason],
    checkpoint: CheckpointRecord?
  ) {
    state.withLock {
      $0.position = "\(number)/\(total)"
      $0.start = nil
      $0.lastDrawing = nil
    }
    let why = reasons.map(\.description).joined(separator: "; ")
    let from = checkpoint.map { "; goes on from \($0.label)" } ?? ""
    message("[\(number)/\(total)] \(stage): \(why)\(from)")
  }

  func stageProgressed(_ stage: String, _ progress: StageProgress) {
    if isTerminal {
      draw(stage, progress)
    } else if progress.isMilestone {
      let parts = [progress.label, progress.detail, progress.rate].compactMap { $0 }
      let position = state.withLock { $0.position }
      message("[\(position)] \(stage): \(parts.joined(separator: ", "))")
    }
    if isTerminal, progress.isMilestone, let detail = progress.detail {
      message("  \(progress.label): \(detail)")
    }
  }

  func stageNoted(_ stage: String, _ note: StageNote) {
    let isNew = state.withLock { state in
      defer { state.heading = stage }
      return state.heading != stage
    }
    clear()
    if isNew { Output.result(stage) }
    Output.result(NoteText.line(note))
  }

  func checkpointIgnored(_ stage: String, _ reason: IgnoredCheckpoint) {
    message("\(stage): \(reason), and the stage begins anew")
  }

  func stageFinished(_ stage: String, _ record: ArtifactRecord, path: FilePath) {
    let position = state.withLock { $0.position }
    message(
      "[\(position)] \(stage): done in \(Formatting.duration(record.wallSeconds)), \(path) "
        + "(\(Formatting.size(record.size)))")
  }

  func stageFailed(_ stage: String, _ error: PipelineError) {
    clear()
    if tellsFailures { message("error: \(error.description)") }
  }

  func stageSkipped(_ stage: String, because failed: [String]) {
    message("\(stage): left out, because \(failed.joined(separator: ", ")) failed")
  }

  func runFinished(_ summary: RunSummary) {
    guard !summary.built.isEmpty else { return clear() }
    let fresh = summary.fresh.isEmpty ? "" : "; \(summary.fresh.count) up to date"
    let count = summary.built.count
    message(
      "\(count) \(count == 1 ? "stage" : "stages") built in "
        + "\(Formatting.duration(summary.wallSeconds))\(fresh)")
  }
}

// MARK: - The terminal's line

extension RunDisplay {
  private func draw(_ stage: String, _ progress: StageProgress) {
    let now = ContinuousClock.now
    let line: ProgressLine? = state.withLock { state in
      let start = state.start ?? (now, progress.done)
      state.start = start
      if let last = state.lastDrawing, now - last < Self.drawingInterval { return nil }
      state.lastDrawing = now
      state.isDrawn = true
      let steps = progress.done - start.done
      let seconds = (now - start.time) / .seconds(1)
      let left = steps > 0 ? seconds / Double(steps) * Double(progress.total - progress.done) : nil
      let fraction = progress.total > 0 ? Double(progress.done) / Double(progress.total) : 0
      return ProgressLine(
        stage: stage, position: state.position, fraction: min(1, max(0, fraction)),
        label: progress.label, rate: progress.rate, secondsLeft: left)
    }
    guard let line else { return }
    Output.raw("\r" + line.text(width: ProgressLine.terminalWidth) + "\u{1B}[K")
  }

  private func clear() {
    let isDrawn = state.withLock { state in
      defer { state.isDrawn = false }
      return state.isDrawn
    }
    if isDrawn { Output.raw("\r\u{1B}[K") }
  }

  private func message(_ text: String) {
    clear()
    Output.message(text)
  }
}
