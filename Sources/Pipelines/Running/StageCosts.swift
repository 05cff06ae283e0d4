import SystemPackage

/// Foretells what the stages of a pipeline will take: from the records of earlier runs where there are any that
/// did the same, else from what the kinds of stage estimate and how fast this machine is.
final class StageCosts {
  private let pipeline: Pipeline
  private let store: ArtifactStore
  private let directory: FilePath
  private let threads: Int
  private let records: () -> [ArtifactRecord]
  private lazy var known = KnownCosts(records())
  /// What is known of the stages' artifacts, and of which of them the artifacts themselves were asked.
  private var facts: [Int: ArtifactFacts] = [:]
  private var asked: Set<Int> = []
  /// Seconds with one thread for an amount of 1, by unit, as measured by this process.
  private var measured: [String: Double] = [:]

  /// Stages that take longer than this by the assumed speed are worth measuring the speed for, in seconds.
  private static let worthMeasuring = 0.5
  /// What the program takes by itself, libraries and threads included, in bytes.
  private static let programMemory = 65e6

  /// - Parameters:
  ///   - threads: those of this machine that stages may use.
  ///   - records: those of the store; asked for when the first stage is looked at.
  init(
    pipeline: Pipeline, store: ArtifactStore, directory: FilePath, threads: Int,
    records: @escaping () -> [ArtifactRecord]
  ) {
    self.pipeline = pipeline
    self.store = store
    self.directory = directory
    self.threads = threads
    self.records = records
  }

  /// Foretells a stage.
  ///
  /// - Parameter finished: The records of stages whose artifacts are there.
  func forecast(of stage: PlannedStage, finished: [Int: ArtifactRecord]) -> StageForecast {
    let (index, key) = (stage.index, stage.recipe.key)
    for source in pipeline.stages[index].sources { learnFacts(of: source, finished) }
    let estimate = estimate(index)
    facts[index] = estimate.facts
    let memory = known.memory(key, estimated: estimate.memory.map { $0 + Self.programMemory })
    guard let workload = estimate.workload else {
      guard let (seconds, basis) = known.seconds(key) else {
        return StageForecast(
          unit: nil, amount: nil, singleSeconds: nil, usesThreads: false, memory: memory, basis: .unknown)
      }
      return StageForecast(
        unit: nil, amount: nil, singleSeconds: seconds, usesThreads: false, memory: memory, basis: basis)
    }
    let (rate, basis) = rate(of: workload, kind: key.kind)
    return StageForecast(
      unit: workload.unit, amount: workload.amount, singleSeconds: rate.map { $0 * workload.amount },
      usesThreads: workload.usesThreads, memory: memory, basis: basis)
  }

  /// Seconds with one thread for an amount of 1; `nil` where nobody knows.
  private func rate(of workload: Workload, kind: String) -> (Double?, StageForecast.Basis) {
    if let found = known.rate(kind: kind, unit: workload.unit) { return found }
    if let seconds = measured[workload.unit] { return (seconds, .measured) }
    guard let assumed = workload.assumedSeconds else { return (nil, .unknown) }
    guard let measure = workload.measure, workload.amount * assumed > Self.worthMeasuring else {
      return (assumed, .assumed)
    }
    let seconds = measure(threads) / (workload.usesThreads ? ThreadScaling.time(threads: threads) : 1)
    measured[workload.unit] = seconds
    return (seconds, .measured)
  }

  private func estimate(_ index: Int) -> StageEstimate {
    let stage = pipeline.stages[index]
    return stage.kind.estimate(
      EstimateContext(
        parameters: stage.parameters,
        inputs: stage.inputs.mapValues { $0.map { facts[$0] ?? ArtifactFacts() } },
        directory: directory))
  }

  /// Finds out what there is to know of a stage's artifact, and of those before it as far as it takes.
  private func learnFacts(of index: Int, _ finished: [Int: ArtifactRecord]) {
    var open = [index]
    var needed: [Int] = []
    var seen: Set<Int> = []
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      if let record = finished[next], asked.insert(next).inserted,
        let found = pipeline.stages[next].kind.facts(ofArtifactAt: store.path(of: record.fileHash))
      {
        facts[next] = found
      }
      if facts[next] != nil { continue }
      needed.append(next)
      open += pipeline.stages[next].sources
    }
    // Every stage comes after those that it reads from.
    for index in needed.sorted() { facts[index] = estimate(index).facts }
  }
}
