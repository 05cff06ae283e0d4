import SystemPackage

/// What a run is asked to do besides building what is stale.
package struct RunOptions: Sendable {
  /// Run only these stages and what they need; empty means all.
  package var only: [String]
  /// Run these stages even if they are fresh.
  package var force: [String]
  /// Whether stages that do not need a failed one still run.
  package var keepsGoing: Bool
  /// How much work a crash may cost.
  package var checkpointInterval: Duration
  /// Whether to wait while another process writes to the store.
  package var waits: Bool
  /// How many stages may run at once.
  package var jobs: Int
  /// The threads that are divided among running stages; also the limit on how many run at once.
  package var threads: Int
  /// The memory that stages at work may take together by their estimates, in bytes. One by itself always runs.
  package var memoryLimit: Double

  package init(
    only: [String] = [], force: [String] = [], keepsGoing: Bool = false,
    checkpointInterval: Duration = .seconds(60), waits: Bool = false, jobs: Int = 1, threads: Int = 1,
    memoryLimit: Double = .infinity
  ) {
    self.only = only
    self.force = force
    self.keepsGoing = keepsGoing
    self.checkpointInterval = checkpointInterval
    self.waits = waits
    self.jobs = max(1, jobs)
    self.threads = max(1, threads)
    self.memoryLimit = memoryLimit
  }
}

/// Brings the artifacts of a pipeline up to date.
///
///     let runner = try Runner(pipeline: pipeline, store: store, reporter: reporter)
///     try runner.run()
package final class Runner {
  let pipeline: Pipeline
  let store: ArtifactStore
  let directory: FilePath
  let options: RunOptions
  let reporter: any RunReporter
  let interruption: Interruption
  let programVersion: String
  /// Does the stages' work; threads of this process where `nil`.
  let executor: (any StageExecutor)?
  /// The stages to look at, in an order in which they can run.
  let selection: [Int]
  /// While this process holds the store.
  private var lock: StoreLock?

  /// - Parameters:
  ///   - directory: What path parameters are relative to; empty for the process's own.
  ///   - executor: Does the stages' work; threads of this process where `nil`.
  ///   - programVersion: Kept with every artifact; checkpoints of another one are not used.
  /// - Throws: `PipelineError` when the options name a stage that the pipeline does not have, or when the
  ///   pipeline has a name that the store needs.
  package init(
    pipeline: Pipeline, store: ArtifactStore, directory: FilePath = "",
    options: RunOptions = RunOptions(), reporter: any RunReporter,
    interruption: Interruption = Interruption(), executor: (any StageExecutor)? = nil,
    programVersion: String = Pipelines.programVersion
  ) throws {
    guard !ArtifactStore.reservedNames.contains(pipeline.name) else {
      throw PipelineError.reservedName(pipeline.name)
    }
    self.pipeline = pipeline
    self.store = store
    self.directory = directory
    self.options = options
    self.reporter = reporter
    self.interruption = interruption
    self.executor = executor
    self.programVersion = programVersion
    selection = try Self.select(options, from: pipeline)
  }

  private static func select(_ options: RunOptions, from pipeline: Pipeline) throws -> [Int] {
    var needed: Set<Int> = []
    for name in options.only + options.force {
      let named = pipeline.indices(of: name)
      guard !named.isEmpty else {
        // Copies have their values in their names; without them all are meant.
        let names = pipeline.stages.map { name.contains("[") ? $0.name : $0.baseName }
        var seen: Set<String> = []
        throw PipelineError.unknownStage(name, known: names.filter { seen.insert($0).inserted })
      }
      needed.formUnion(named)
    }
    guard !options.only.isEmpty else { return Array(pipeline.stages.indices) }
    // Every stage comes after those that it reads from.
    for index in pipeline.stages.indices.reversed() where needed.contains(index) {
      needed.formUnion(pipeline.stages[index].sources)
    }
    return needed.sorted()
  }

  /// Says what `run` would do, and does nothing.
  ///
  /// - Throws: `PipelineError` when an outside file is missing or something cannot be read.
  package func plan() throws -> RunPlan {
    let plan = try makePlan(makePlanner())
    store.saveCacheIfPossible()
    return plan
  }

  /// Says what the stages of a plan would take. Where nothing is known of the speed of a long one, it is
  /// measured, which takes a moment.
  package func estimate(_ plan: RunPlan) -> RunEstimate { estimate(plan, makeCosts(makePlanner())) }

  /// Runs every stage that is not fresh.
  ///
  /// A stage's artifact is published as soon as it is finished; whatever happens afterwards, it is kept.
  ///
  /// - Throws: `PipelineError`: `stageFailed`, or `severalFailed` in a run that continues after failures;
  ///   `interrupted`; `locked`; and whatever keeps the store from being read or written.
  @discardableResult
  package func run() throws -> RunSummary { try holdingStore(runAll) }

  /// Holds the store for all that `body` does, `run` among it: no other process writes there meanwhile.
  ///
  /// - Throws: `PipelineError.locked`, and what `body` throws.
  package func holdingStore<Result>(_ body: () throws -> Result) throws -> Result {
    guard lock == nil else { return try body() }
    try makePlanner().requireStoreOutside()
    lock = try StoreLock.take(
      store, manifest: pipeline.manifest, wait: options.waits, interruption: interruption,
      isBusy: { reporter.runWaits(for: $0) })
    defer { lock = nil }
    return try body()
  }

  private func runAll() throws -> RunSummary {
    try store.removeLeftovers()
    let start = ContinuousClock.now
    let planner = makePlanner()
    let plan = try makePlan(planner)
    let costs = makeCosts(planner)
    let estimate = estimate(plan, costs)
    reporter.runStarted(plan, estimate)
    defer { store.saveCacheIfPossible() }

    let scheduler = StageScheduler(plan, planner, costs, of: self)
    let result = Result { () throws(PipelineError) in try scheduler.run() }
    var summary = scheduler.summary
    summary.wallSeconds = start.secondsUntilNow
    summary.comparison = EstimateComparison(estimate, scheduler.records)
    reporter.runFinished(summary)
    try result.get()
    return summary
  }

  private func makePlanner() -> Planner {
    let forced = options.force.flatMap { pipeline.indices(of: $0) }.map { pipeline.stages[$0].name }
    return Planner(
      pipeline: pipeline, store: store, directory: directory, forced: Set(forced),
      programVersion: programVersion)
  }

  private func makeCosts(_ planner: Planner) -> StageCosts {
    StageCosts(
      pipeline: pipeline, store: store, directory: directory, threads: options.threads,
      // What cannot be read says nothing about costs.
      records: { (try? planner.recordsByRecipe())?.values.flatMap { $0 } ?? [] })
  }

  private func estimate(_ plan: RunPlan, _ costs: StageCosts) -> RunEstimate {
    RunEstimate(
      plan, of: pipeline, threads: options.threads, memoryLimit: options.memoryLimit, costs)
  }

  private func makePlan(_ planner: Planner) throws(PipelineError) -> RunPlan {
    var contents: [Int: Digest] = [:]
    var stages: [PlannedStage] = []
    for index in selection {
      let stage = try planner.decide(index, contents: contents)
      contents[index] = stage.record?.contentDigest
      stages.append(stage)
    }
    return RunPlan(pipeline: pipeline.name, stages: stages)
  }
}

extension ContinuousClock.Instant {
  var secondsUntilNow: Double { (ContinuousClock.now - self) / .seconds(1) }
}
