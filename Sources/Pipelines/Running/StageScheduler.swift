import Foundation
import Synchronization
import SystemPackage

/// Goes through the stages of a plan, several at once where they do not need each other.
///
/// Everything but a stage's own work happens on the thread that calls `run`, so the store has one user.
final class StageScheduler {
  private let runner: Runner
  private let planner: Planner
  private let stageCount: Int
  /// In the order of the plan, each with its place in it.
  private var waiting: [(position: Int, planned: PlannedStage)]
  private var running: [Int: StageBuild] = [:]
  private var finished: [Int: ArtifactRecord] = [:]
  private var lost: Set<Int> = []
  private var failures: [PipelineError] = []
  private var interrupted: PipelineError?
  private let results = Results()
  /// Asks the stages that are at work to stop, after the failure of another.
  private let halt = Interruption()
  private(set) var summary = RunSummary()

  init(_ plan: RunPlan, _ planner: Planner, of runner: Runner) {
    self.runner = runner
    self.planner = planner
    stageCount = plan.stages.count
    waiting = plan.stages.enumerated().map { ($0.offset, $0.element) }
  }

  /// - Throws: `PipelineError.interrupted`, `stageFailed`, `severalFailed`, and whatever keeps the store
  ///   from being read or written.
  func run() throws(PipelineError) {
    while true {
      startStages()
      if running.isEmpty { break }
      let (index, error) = results.next()
      end(index, error)
    }
    if let interrupted { throw interrupted }
    if failures.count == 1, summary.skipped.isEmpty { throw failures[0] }
    if !failures.isEmpty { throw .severalFailed(failures, skipped: summary.skipped) }
  }

  private var isStopping: Bool {
    interrupted != nil || (!failures.isEmpty && !runner.options.keepsGoing)
  }

  private var freeThreads: Int {
    runner.options.threads - running.values.reduce(0) { $0 + $1.threads }
  }
}

// MARK: - Starting

extension StageScheduler {
  private typealias Ready = (position: Int, planned: PlannedStage, decided: PlannedStage)

  private func startStages() {
    let places = min(runner.options.jobs - running.count, freeThreads)
    guard places > 0, !isStopping else { return }
    let ready = takeReady(atMost: places)
    for (number, stage) in ready.enumerated() where !isStopping {
      start(stage, threads: freeThreads / (ready.count - number))
    }
    // One that failed at once has left its place to another.
    if running.isEmpty, !ready.isEmpty { startStages() }
  }

  /// Takes out of `waiting` stages that can run now. On the way it settles those that need not, and those
  /// that never can.
  private func takeReady(atMost limit: Int) -> [Ready] {
    var ready: [Ready] = []
    var place = 0
    while place < waiting.count, ready.count < limit, !isStopping {
      let (position, planned) = waiting[place]
      let stage = runner.pipeline.stages[planned.index]
      guard stage.sources.allSatisfy({ finished[$0] != nil || lost.contains($0) }) else {
        place += 1
        continue
      }
      let missing = stage.sources.filter { lost.contains($0) }
      if !missing.isEmpty {
        waiting.remove(at: place)
        lost.insert(planned.index)
        summary.skipped.append(stage.name)
        runner.reporter.stageSkipped(
          stage.name, because: missing.map { runner.pipeline.stages[$0].name })
        continue
      }
      do {
        let decided =
          planned.fingerprint != nil
          ? planned
          : try planner.decide(planned.index, contents: finished.mapValues(\.contentDigest))
        // Two stages of the same recipe: the second takes what the first makes.
        let isBeingMade =
          running.values.contains { $0.fingerprint == decided.fingerprint }
          || ready.contains { $0.decided.fingerprint == decided.fingerprint }
        if decided.record == nil, isBeingMade {
          place += 1
          continue
        }
        waiting.remove(at: place)
        if let record = decided.record ?? made(decided) {
          try takeFresh(record, stage)
          finished[planned.index] = record
        } else {
          ready.append((position, planned, decided))
        }
      } catch {
        waiting.remove(at: place)
        fail(error, planned.index)
      }
    }
    return ready
  }

  /// What an earlier stage of the same recipe has just made.
  private func made(_ decided: PlannedStage) -> ArtifactRecord? {
    guard !decided.reasons.contains(.forced) else { return nil }
    return finished.values.first { $0.fingerprint == decided.fingerprint }
  }

  private func takeFresh(_ record: ArtifactRecord, _ stage: PipelineStage) throws(PipelineError) {
    let store = runner.store
    try store.link(record, pipeline: runner.pipeline.name, stage: stage.name)
    // One that a crash left between publishing and tidying up.
    if try store.hasCheckpoint(record.fingerprint) { try store.removeCheckpoint(record.fingerprint) }
    summary.fresh.append(stage.name)
    runner.reporter.stageFresh(stage.name, record)
  }

  private func start(_ stage: Ready, threads: Int) {
    let (interruption, index) = (runner.interruption, stage.planned.index)
    let name = runner.pipeline.stages[index].name
    if interruption.isRequested {
      interrupted = .interrupted(signal: interruption.requestedBy, stage: nil)
      return
    }
    runner.reporter.stageStarted(
      name, number: stage.position + 1, of: stageCount, reasons: reasons(stage.decided, stage.planned),
      checkpoint: stage.decided.checkpoint)
    do {
      let build = try StageBuild(
        stage.decided, of: runner, planner: planner, finished: finished, threads: threads, halt: halt)
      for other in running.values { other.isAlone = false }
      build.isAlone = running.isEmpty
      running[index] = build
      if runner.options.jobs == 1 {
        results.perform(build, index)
      } else {
        let thread = Thread { [results] in results.perform(build, index) }
        thread.stackSize = 8 << 20
        thread.start()
      }
    } catch {
      fail(error, index)
    }
  }

  /// A stage that was known to be stale before its inputs were there keeps the reasons of the plan.
  private func reasons(_ decided: PlannedStage, _ planned: PlannedStage) -> [StaleReason] {
    let early = planned.reasons.filter {
      if case .waits = $0 { return false }
      return !decided.reasons.contains($0)
    }
    return early + decided.reasons
  }
}

// MARK: - Ending

extension StageScheduler {
  private func end(_ index: Int, _ error: (any Error)?) {
    guard let build = running.removeValue(forKey: index) else { return }
    let name = build.stage.name
    do {
      if let error { throw error }
      let record = try build.publish(planner)
      finished[index] = record
      summary.built.append(name)
      runner.reporter.stageFinished(
        name, record, path: runner.store.link(pipeline: runner.pipeline.name, stage: name))
    } catch {
      build.discard()
      if error is StageInterrupted, halt.isRequested, !runner.interruption.isRequested {
        lost.insert(index)
        runner.reporter.stageStopped(name)
      } else {
        fail(error, index)
      }
    }
  }

  private func fail(_ error: any Error, _ index: Int) {
    let stage = runner.pipeline.stages[index]
    let failure = failure(error, in: stage)
    if case .interrupted = failure {
      interrupted = interrupted ?? failure
      return
    }
    runner.reporter.stageFailed(stage.name, failure)
    summary.failed.append(stage.name)
    lost.insert(index)
    failures.append(failure)
    if !runner.options.keepsGoing { halt.request(1) }
  }

  private func failure(_ error: any Error, in stage: PipelineStage) -> PipelineError {
    switch error {
    case let error as PipelineError:
      switch error {
      case .interrupted, .lostInput, .missingInput: error
      default: .stageFailed(stage: stage.name, error)
      }
    case is StageInterrupted where runner.interruption.isRequested:
      .interrupted(signal: runner.interruption.requestedBy, stage: stage.name)
    default:
      .stageFailed(stage: stage.name, error)
    }
  }
}

/// What stages that ran on other threads came to.
private final class Results: @unchecked Sendable {
  private let condition = NSCondition()
  private var ended: [(index: Int, error: (any Error)?)] = []

  func perform(_ build: StageBuild, _ index: Int) {
    var failure: (any Error)?
    do { try build.perform() } catch { failure = error }
    condition.lock()
    ended.append((index, failure))
    condition.signal()
    condition.unlock()
  }

  /// Waits for one that has ended.
  func next() -> (index: Int, error: (any Error)?) {
    condition.lock()
    defer { condition.unlock() }
    while ended.isEmpty { condition.wait() }
    return ended.removeFirst()
  }
}
