import Glibc
import Pipelines
import Reports
import Synchronization
import SystemPackage

/// Shows a run: what the stages report on the standard output, progress on the standard error. There, a
/// terminal gets a line that is rewritten; a log gets a line for each step that matters.
final class RunDisplay: RunReporter {
  /// A running stage.
  private struct Work {
    /// "3/9".
    let position: String
    /// When its first step was reported, and how many steps were behind it then.
    var start: (time: ContinuousClock.Instant, done: Int)?
    var line: ProgressLine?
  }

  private struct State {
    var works: [String: Work] = [:]
    var lastDrawing: ContinuousClock.Instant?
    /// Whether a progress line is on the terminal.
    var isDrawn = false
    /// The stage under whose heading the last note was shown.
    var heading: String?
  }

  private let state = Mutex(State())
  private let isTerminal: Bool
  /// Whether failures are shown when they happen: the end of the run, which repeats them, may be far off.
  private let tellsFailures: Bool
  private let showsNotes: Bool
  private let showsProgress: Bool
  /// How many stages of the run share this machine.
  private let jobs: Int

  /// - Parameters:
  ///   - showsNotes: whether what stages report is shown as they do.
  ///   - showsProgress: whether anything but that, and failures, is shown.
  ///   - jobs: how many stages of the run share this machine.
  init(
    isTerminal: Bool = isatty(STDERR_FILENO) == 1, tellsFailures: Bool = false, showsNotes: Bool = true,
    showsProgress: Bool = true, jobs: Int = 1
  ) {
    self.jobs = jobs
    self.isTerminal = isTerminal
    self.tellsFailures = tellsFailures
    self.showsNotes = showsNotes
    self.showsProgress = showsProgress
  }

  private static let drawingInterval = Duration.milliseconds(100)

  func runWaits(for holder: LockHolder?) {
    let who = holder.map { "process \($0.processID), which runs '\($0.manifest)'" }
    message("waiting for \(who ?? "another process") to finish writing")
  }

  /// A shorter run is not worth an estimate, in seconds.
  private static let longEnough = 10.0

  func runStarted(_ plan: RunPlan, _ estimate: RunEstimate) {
    let count = plan.unfinished.count
    guard count > 0 else { return }
    let fresh = plan.stages.count - count
    message(
      "\(plan.pipeline): \(count) of \(plan.stages.count) stages to run"
        + (fresh > 0 ? ", \(fresh) up to date" : "") + expectation(estimate))
  }

  /// ", about 3 min 20 s"; nothing where most of it would be a guess.
  private func expectation(_ estimate: RunEstimate) -> String {
    guard estimate.total >= Self.longEnough else { return "" }
    let isUpperBound = estimate.stages.contains { $0.planned.state == .undecided }
    let (seconds, way) =
      jobs == 1 ? (estimate.total, "one after the other") : (estimate.seconds(jobs: jobs), "with \(jobs) at once")
    return (isUpperBound ? ", at most about " : ", about ") + NumberFormat.wholeDuration(seconds)
      + " \(way) ('winnow plan' says more)"
  }

  /// How many there are has been said.
  func stageFresh(_ stage: String, _ record: ArtifactRecord) {}

  func stageStarted(
    _ stage: String, number: Int, of total: Int, reasons: [StaleReason],
    checkpoint: CheckpointRecord?
  ) {
    state.withLock {
      $0.works[stage] = Work(position: "\(number)/\(total)")
      $0.lastDrawing = nil
    }
    let why = reasons.map(\.description).joined(separator: "; ")
    let from = checkpoint.map { "; resumes from \($0.label)" } ?? ""
    message("[\(number)/\(total)] \(stage): \(why)\(from)")
  }

  func stageProgressed(_ stage: String, _ progress: StageProgress) {
    guard showsProgress else { return }
    if isTerminal {
      draw(stage, progress)
      if progress.isMilestone, let detail = progress.detail {
        message("  \(several ? stage + ": " : "")\(progress.label): \(detail)")
      }
    } else if progress.isMilestone {
      let parts = [progress.label, progress.detail, progress.rate].compactMap { $0 }
      message("\(place(of: stage)): \(parts.joined(separator: ", "))")
    }
  }

  /// Whether more than one stage is running.
  private var several: Bool { state.withLock { $0.works.count > 1 } }

  /// "[3/9] warmup".
  private func place(of stage: String) -> String {
    let position = state.withLock { $0.works[stage]?.position }
    return (position.map { "[\($0)] " } ?? "") + stage
  }

  func stageNoted(_ stage: String, _ note: StageNote) {
    guard showsNotes else {
      // What makes an hour of work pointless should be seen before it.
      if note.isWarning, showsProgress { message("\(stage):\(NoteText.line(note).dropFirst())") }
      return
    }
    let isNew = state.withLock { state in
      defer { state.heading = stage }
      return state.heading != stage
    }
    clear()
    if isNew { Output.result(stage) }
    Output.result(NoteText.line(note))
  }

  func checkpointIgnored(_ stage: String, _ reason: IgnoredCheckpoint) {
    message("\(stage): \(reason), so the stage starts from the beginning")
  }

  func stageFinished(_ stage: String, _ record: ArtifactRecord, path: FilePath) {
    message(
      "\(place(of: stage)): done in \(NumberFormat.duration(record.wallSeconds)), \(path) "
        + "(\(NumberFormat.size(record.size)))")
    forget(stage)
  }

  func stageFailed(_ stage: String, _ error: PipelineError) {
    clear()
    forget(stage)
    if tellsFailures { Output.message("error: \(error.description)") }
  }

  func stageStopped(_ stage: String) {
    message("\(place(of: stage)): stopped, because another stage failed; it will resume from its checkpoint")
    forget(stage)
  }

  func jobSubmitted(_ stage: String, job: String, log: FilePath) {
    message("\(place(of: stage)): job \(job), whose messages are in \(log)")
  }

  func jobFound(_ stage: String, job: String, log: FilePath) {
    message("\(place(of: stage)): goes on as job \(job), whose messages are in \(log)")
  }

  func jobChanged(_ stage: String, job: String, state: String) {
    message("\(place(of: stage)): job \(job) is \(state.lowercased().replacing("_", with: " "))")
  }

  func jobLost(_ stage: String, job: String, state: String?, log: FilePath) {
    let how = state.map { " (\($0.lowercased().replacing("_", with: " ")))" } ?? ""
    message("\(place(of: stage)): job \(job) ended without a result\(how); another one goes on from its checkpoint")
  }

  func queueSilent() { message("Slurm does not answer; waiting for it") }

  func stageLeft(_ stage: String, job: String) {
    message("\(place(of: stage)): job \(job) goes on; run again to take its result, or with --cancel to end it")
    forget(stage)
  }

  private func forget(_ stage: String) {
    state.withLock { $0.works[stage] = nil }
  }

  func stageSkipped(_ stage: String, because failed: [String]) {
    message("\(stage): skipped, because \(failed.joined(separator: ", ")) failed")
  }

  func runFinished(_ summary: RunSummary) {
    guard !summary.built.isEmpty else { return clear() }
    let fresh = summary.fresh.isEmpty ? "" : "; \(summary.fresh.count) up to date"
    let count = summary.built.count
    message(
      "\(count) \(count == 1 ? "stage" : "stages") built in "
        + "\(NumberFormat.duration(summary.wallSeconds))\(fresh)")
    guard let comparison = summary.comparison, comparison.estimated >= Self.longEnough else { return }
    tell(comparison)
  }

  private func tell(_ comparison: EstimateComparison) {
    let off = Int((100 * comparison.error).rounded())
    let word = off == 0 ? "as estimated" : "\(abs(off))% \(off > 0 ? "more" : "less") than estimated"
    let count = comparison.stages.count
    message(
      (count == 1 ? "one stage took " : "the times of \(count) stages add up to ")
        + "\(NumberFormat.wholeDuration(comparison.measured)), \(word) "
        + "(\(NumberFormat.wholeDuration(comparison.estimated)))")
  }
}

// MARK: - The terminal's line

extension RunDisplay {
  private func draw(_ stage: String, _ progress: StageProgress) {
    let now = ContinuousClock.now
    let lines: [ProgressLine] = state.withLock { state in
      guard var work = state.works[stage] else { return [] }
      let start = work.start ?? (now, progress.done)
      work.start = start
      let steps = progress.done - start.done
      let seconds = (now - start.time) / .seconds(1)
      let left = steps > 0 ? seconds / Double(steps) * Double(progress.total - progress.done) : nil
      let fraction = progress.total > 0 ? Double(progress.done) / Double(progress.total) : 0
      work.line = ProgressLine(
        stage: stage, position: work.position, fraction: min(1, max(0, fraction)),
        label: progress.label, rate: progress.rate, secondsLeft: left)
      state.works[stage] = work
      if let last = state.lastDrawing, now - last < Self.drawingInterval { return [] }
      state.lastDrawing = now
      state.isDrawn = true
      return state.works.values.compactMap(\.line)
        .sorted { ($0.position.count, $0.position) < ($1.position.count, $1.position) }
    }
    guard !lines.isEmpty else { return }
    Output.raw("\r" + ProgressLine.text(lines, width: ProgressLine.terminalWidth) + "\u{1B}[K")
  }

  private func clear() {
    let isDrawn = state.withLock { state in
      defer { state.isDrawn = false }
      return state.isDrawn
    }
    if isDrawn { Output.raw("\r\u{1B}[K") }
  }

  private func message(_ text: String) {
    guard showsProgress else { return }
    clear()
    Output.message(text)
  }
}
