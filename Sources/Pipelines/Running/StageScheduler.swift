/// Goes through the stages of a plan, several at once where they do not need each other.
///
/// Everything but a stage's own work happens on the thread that calls `run`, so the store has one user.
final class StageScheduler {
  private let runner: Runner
  private let planner: Planner
  private let plan: RunPlan
  /// For each stage of the pipeline that is run its place in the plan.
  private let places: [Int: Int]
  private var ready: ReadyStages
  private var running: [Int: StageBuild] = [:]
  private var finished: [Int: ArtifactRecord] = [:]
  /// What `finished` says of the stages' content.
  private var contents: [Int: Digest] = [:]
  /// What `finished` holds, by fingerprint.
  private var made: [Digest: ArtifactRecord] = [:]
  private var lost: Set<Int> = []
  private var failures: [PipelineError] = []
  private var interrupted: PipelineError?
  private let executor: any StageExecutor
  private let costs: StageCosts
  private var memory: MemoryBudget
  /// Stages that could run if there were more memory, in their order.
  private var waiting: [Chosen] = []
  /// Asks running stages to stop after another one has failed.
  private let halt = Interruption()
  private(set) var summary = RunSummary()
  /// Of the stages that were built, by their place in the pipeline.
  private(set) var records: [Int: ArtifactRecord] = [:]

  /// - Parameter costs: what the stages of the plan will take.
  init(_ plan: RunPlan, _ planner: Planner, _ costs: StageCosts, of runner: Runner) {
    self.runner = runner
    self.planner = planner
    self.plan = plan
    self.costs = costs
    memory = MemoryBudget(limit: runner.executor == nil ? runner.options.memoryLimit : .infinity)
    executor =
      runner.executor
      ?? ThreadExecutor(
        store: runner.store, reporter: runner.reporter, isInPlace: runner.options.jobs == 1)
    let places = Dictionary(
      plan.stages.enumerated().map { ($0.element.index, $0.offset) }, uniquingKeysWith: { first, _ in first })
    self.places = places
    ready = ReadyStages(
      plan.stages.map { runner.pipeline.stages[$0.index].sources.compactMap { places[$0] } })
  }

  /// - Throws: `PipelineError.interrupted`, `stageFailed`, `severalFailed`, and whatever keeps the store
  ///   from being read or written.
  func run() throws(PipelineError) {
    while true {
      startStages()
      if running.isEmpty { break }
      let (index, outcome) = executor.next()
      end(index, outcome)
    }
    if let interrupted { throw interrupted }
    if failures.count == 1, summary.skipped.isEmpty { throw failures[0] }
    if !failures.isEmpty { throw .severalFailed(failures, skipped: summary.skipped) }
  }

  private var isStopping: Bool {
    interrupted != nil || (!failures.isEmpty && !runner.options.keepsGoing)
  }

  /// Those of this machine that no stage has.
  private var freeThreads: Int {
    runner.options.threads - running.values.reduce(0) { $0 + $1.task.threads }
  }

  /// How many more stages may be at work.
  private var freePlaces: Int {
    let places = runner.options.jobs - running.count
    return executor.sharesMachine ? min(places, freeThreads) : places
  }
}

// MARK: - Starting

extension StageScheduler {
  /// A stage that must run and can.
  private struct Chosen {
    let place: Int
    let planned: PlannedStage
    let decided: PlannedStage
    let forecast: StageForecast
  }

  private func startStages() {
    while !isStopping {
      let chosen = chooseStages(atMost: freePlaces)
      guard !chosen.isEmpty else { return }
      for (number, stage) in chosen.enumerated() where !isStopping {
        start(stage, threads: executor.sharesMachine ? freeThreads / (chosen.count - number) : 1)
      }
      // One that failed at once has left its place to another.
    }
  }

  /// Takes out stages that must run and can. On the way it settles those that need not run, and those that
  /// never can.
  private func chooseStages(atMost limit: Int) -> [Chosen] {
    var chosen = takeWaiting(atMost: limit)
    while chosen.count < limit, !isStopping, let place = ready.next() {
      let planned = plan.stages[place]
      let stage = runner.pipeline.stages[planned.index]
      let missing = stage.sources.filter { lost.contains($0) }
      if !missing.isEmpty {
        summary.skipped.append(stage.name)
        runner.reporter.stageSkipped(
          stage.name, because: missing.map { runner.pipeline.stages[$0].name })
        lose(planned.index)
        continue
      }
      do {
        let decided =
          planned.fingerprint != nil ? planned : try planner.decide(planned.index, contents: contents)
        if decided.record == nil, let fingerprint = decided.fingerprint,
          isBeingMade(fingerprint) || (chosen + waiting).contains(where: { $0.decided.fingerprint == fingerprint })
        {
          // The second of two stages with the same recipe takes what the first makes.
          ready.hold(place, until: fingerprint)
        } else if let record = decided.record ?? madeBefore(decided) {
          try takeFresh(record, stage)
          finish(planned.index, record)
        } else {
          let stage = Chosen(
            place: place, planned: planned, decided: decided,
            forecast: costs.forecast(of: decided, finished: finished))
          if memory.take(stage.forecast.memory) { chosen.append(stage) } else { waiting.append(stage) }
        }
      } catch {
        fail(error, planned.index)
      }
    }
    return chosen
  }

  /// Takes out stages that waited for memory and now have it; a small one may pass a large one.
  private func takeWaiting(atMost limit: Int) -> [Chosen] {
    var chosen: [Chosen] = []
    var rest: [Chosen] = []
    for stage in waiting {
      if chosen.count < limit, memory.take(stage.forecast.memory) {
        chosen.append(stage)
      } else {
        rest.append(stage)
      }
    }
    waiting = rest
    return chosen
  }

  private func isBeingMade(_ fingerprint: Digest) -> Bool {
    running.values.contains { $0.fingerprint == fingerprint }
  }

  /// What an earlier stage of the same recipe has made in this run.
  private func madeBefore(_ decided: PlannedStage) -> ArtifactRecord? {
    guard !decided.reasons.contains(.forced) else { return nil }
    return decided.fingerprint.flatMap { made[$0] }
  }

  private func takeFresh(_ record: ArtifactRecord, _ stage: PipelineStage) throws(PipelineError) {
    let store = runner.store
    try store.link(record, pipeline: runner.pipeline.name, stage: stage.name)
    // One that a crash left between publishing and tidying up.
    if try store.hasCheckpoint(record.fingerprint) { try store.removeCheckpoint(record.fingerprint) }
    summary.fresh.append(stage.name)
    runner.reporter.stageFresh(stage.name, record)
  }

  private func start(_ stage: Chosen, threads: Int) {
    let (interruption, index) = (runner.interruption, stage.planned.index)
    let name = runner.pipeline.stages[index].name
    if interruption.isRequested {
      interrupted = .interrupted(signal: interruption.requestedBy, stage: nil)
      return
    }
    runner.reporter.stageStarted(
      name, number: stage.place + 1, of: plan.stages.count, reasons: reasons(stage.decided, stage.planned),
      checkpoint: stage.decided.checkpoint)
    do {
      let build = try StageBuild(
        stage.decided, of: runner, planner: planner, executor: executor, finished: finished,
        contents: contents, threads: threads, forecast: stage.forecast)
      running[index] = build
      executor.start(build.task, build.stage.kind, number: index, stops: [interruption, halt])
    } catch {
      memory.giveBack(stage.forecast.memory)
      fail(error, index)
      // Others may have been held back for it while it was among the chosen.
      if let fingerprint = stage.decided.fingerprint { ready.release(fingerprint) }
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
  private func end(_ index: Int, _ outcome: StageOutcome) {
    guard let build = running.removeValue(forKey: index) else { return }
    memory.giveBack(build.task.forecast.memory)
    defer { ready.release(build.fingerprint) }
    switch outcome {
    case .done(let result): publish(build, result, index)
    case .failed(let error): endFailed(build, error, index)
    case .left:
      lose(index)
      summary.left.append(build.stage.name)
      let interruption = runner.interruption
      if interruption.isRequested {
        interrupted = interrupted ?? .interrupted(signal: interruption.requestedBy, stage: nil)
      }
    }
  }

  private func publish(_ build: StageBuild, _ result: StageResult, _ index: Int) {
    let name = build.stage.name
    do {
      let record = try build.publish(result, planner)
      finish(index, record)
      records[index] = record
      summary.built.append(name)
      runner.reporter.stageFinished(
        name, record, path: runner.store.link(pipeline: runner.pipeline.name, stage: name))
    } catch {
      endFailed(build, error, index)
    }
  }

  private func endFailed(_ build: StageBuild, _ error: any Error, _ index: Int) {
    build.discard()
    if error is StageInterrupted, halt.isRequested, !runner.interruption.isRequested {
      lose(index)
      runner.reporter.stageStopped(build.stage.name)
    } else {
      fail(error, index)
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
    lose(index)
    failures.append(failure)
    if !runner.options.keepsGoing { halt.request(1) }
  }

  private func finish(_ index: Int, _ record: ArtifactRecord) {
    finished[index] = record
    contents[index] = record.contentDigest
    made[record.fingerprint] = record
    if let place = places[index] { ready.end(place) }
  }

  /// Notes that a stage has no artifact in this run.
  private func lose(_ index: Int) {
    lost.insert(index)
    if let place = places[index] { ready.end(place) }
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
