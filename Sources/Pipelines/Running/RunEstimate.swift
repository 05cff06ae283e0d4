/// What a run is expected to take, stage by stage and in all.
package struct RunEstimate: Sendable {
  package struct Stage: Sendable {
    package let planned: PlannedStage
    package let forecast: StageForecast
    /// With all threads of this machine; `nil` where it is not known.
    package let seconds: Double?
    /// The places of the stages that it waits for, among these.
    let sources: [Int]
  }

  /// The stages that run or may have to.
  package let stages: [Stage]
  /// Threads of this machine.
  package let threads: Int
  /// What there is, in bytes; infinite where nobody said.
  package let memoryLimit: Double

  init(_ plan: RunPlan, of pipeline: Pipeline, threads: Int, memoryLimit: Double, _ costs: StageCosts) {
    let finished = Dictionary(
      plan.stages.compactMap { stage in stage.record.map { (stage.index, $0) } },
      uniquingKeysWith: { first, _ in first })
    let unfinished = plan.unfinished
    let places = Dictionary(
      unfinished.enumerated().map { ($0.element.index, $0.offset) }, uniquingKeysWith: { first, _ in first })
    self.threads = threads
    self.memoryLimit = memoryLimit
    stages = unfinished.map { planned in
      let forecast = costs.forecast(of: planned, finished: finished)
      return Stage(
        planned: planned, forecast: forecast, seconds: forecast.seconds(threads: threads),
        sources: pipeline.stages[planned.index].sources.compactMap { places[$0] })
    }
  }
}

extension RunEstimate {
  /// The names of stages whose time is not known; everything here that adds up times leaves them out.
  package var unknown: [String] { stages.filter { $0.seconds == nil }.map(\.planned.name) }

  /// One stage after the other, each with all threads; in seconds.
  package var total: Double { stages.reduce(0) { $0 + ($1.seconds ?? 0) } }

  /// The longest chain of stages that wait for each other, each with all threads: what no number of machines
  /// like this one makes shorter.
  package var criticalPath: (stages: [String], seconds: Double) {
    var ends: [Double] = []
    var before: [Int?] = []
    for stage in stages {
      let last = stage.sources.max { ends[$0] < ends[$1] }
      ends.append((last.map { ends[$0] } ?? 0) + (stage.seconds ?? 0))
      before.append(last)
    }
    guard let end = ends.indices.max(by: { ends[$0] < ends[$1] }) else { return ([], 0) }
    var path: [Int] = []
    var next: Int? = end
    while let place = next {
      path.append(place)
      next = before[place]
    }
    return (path.reversed().map { stages[$0].planned.name }, ends[end])
  }

  /// How long it takes with so many stages at once on this machine, which share its threads and memory; in
  /// seconds.
  package func seconds(jobs: Int) -> Double {
    ForeseenSchedule(stages, jobs: jobs, threads: threads, memoryLimit: memoryLimit, shares: true).seconds
  }

  /// How long it takes with so many stages at once on as many machines like this one.
  package func seconds(machines: Int) -> Double {
    ForeseenSchedule(stages, jobs: machines, threads: threads, memoryLimit: .infinity, shares: false).seconds
  }
}
