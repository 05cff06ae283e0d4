import Pipelines
import Testing

/// What a run would take, before it starts.
@Suite struct EstimateTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func estimate(
    _ pipeline: Pipeline, _ options: RunOptions = RunOptions()
  ) throws -> RunEstimate {
    let runner = try workspace.runner(pipeline, options)
    return try runner.estimate(runner.plan())
  }

  private static func single(
    _ kind: any Stage.Type = Costly.self, _ parameters: [String: ParameterValue] = [:],
    name: String = "stage"
  ) -> Pipeline {
    var pipeline = TestPipeline()
    pipeline.add(name, kind, parameters)
    return pipeline.checked
  }

  @Test func whatNobodyKnowsIsUnknown() throws {
    let estimate = try estimate(.standard())
    #expect(estimate.unknown == ["source", "scaled", "large", "total"])
    #expect(estimate.total == 0)
    #expect(estimate.stages.allSatisfy { $0.forecast.basis == .unknown && $0.forecast.memory == nil })
  }

  @Test func nothingToDoTakesNothing() throws {
    try workspace.run(.standard())
    let estimate = try estimate(.standard())
    #expect(estimate.stages.isEmpty && estimate.total == 0)
    #expect(estimate.criticalPath.stages.isEmpty && estimate.seconds(jobs: 4) == 0)
  }

  /// Without a count, what a stage took before is what it takes.
  @Test func asBefore() throws {
    try workspace.run(.standard())
    let record = try #require(try workspace.store().publishedRecord(pipeline: "test", stage: "scaled"))
    let again = try estimate(.standard(), RunOptions(force: ["scaled"]))
    let stage = try #require(again.stages.first { $0.planned.name == "scaled" })
    #expect(stage.seconds == record.wallSeconds && stage.forecast.basis == .sameStage)
    // The program's own memory was measured with that of the stage.
    #expect(stage.forecast.memory == record.peakMemory.map(Double.init))

    let other = try estimate(.standard(factor: 3))
    let similar = try #require(other.stages.first { $0.planned.name == "scaled" })
    #expect(similar.seconds == record.wallSeconds && similar.forecast.basis == .similar(runs: 1))
  }

  /// With a count, time is in proportion to it, and threads count where they help.
  @Test(arguments: [0, 1]) func scaledFromEarlierRuns(parallel: Int) throws {
    func pipeline(_ amount: Int) -> Pipeline {
      Self.single(Costly.self, ["amount": .integer(amount), "parallel": .integer(parallel)])
    }
    try workspace.run(pipeline(2), RunOptions(threads: 4))
    let record = try #require(try workspace.store().publishedRecord(pipeline: "test", stage: "stage"))
    #expect(record.cost?.amount == 2 && record.cost?.threads == 4 && record.cost?.isPartial == false)
    let stage = try #require(try estimate(pipeline(6), RunOptions(threads: 2)).stages.first)
    // Four threads take 0.1 + 0.9 / 4 of the time of one, two 0.1 + 0.9 / 2.
    let factor = parallel == 1 ? 3 * 0.55 / 0.325 : 3
    #expect(abs((stage.seconds ?? 0) / (factor * record.wallSeconds) - 1) < 1e-12)
    #expect(stage.forecast.basis == .kind(runs: 1))
  }

  @Test func aLongOneIsMeasuredOnce() throws {
    var builder = TestPipeline()
    for (name, amount) in [("one", 1), ("two", 2)] {
      builder.add(name, Costly.self, ["amount": .integer(amount), "rate": .integer(7), "parallel": .integer(1)])
    }
    let before = Costly.measurements.load(ordering: .relaxed)
    let estimate = try estimate(builder.checked, RunOptions(threads: 2))
    #expect(Costly.measurements.load(ordering: .relaxed) == before + 1)
    for (stage, seconds) in zip(estimate.stages, [50.0, 100]) {
      #expect(abs((stage.seconds ?? 0) - seconds) < 1e-9)
    }
    #expect(estimate.stages.allSatisfy { $0.forecast.basis == .measured })
    let short = try self.estimate(
      Self.single(Costly.self, ["amount": .integer(0), "rate": .integer(7)]))
    #expect(Costly.measurements.load(ordering: .relaxed) == before + 1)
    #expect(short.stages[0].forecast.basis == .assumed)
  }

  @Test func noAssumedSpeedIsUnknown() throws {
    let estimate = try estimate(Self.single(Costly.self, ["rate": .integer(0)]))
    #expect(estimate.unknown == ["stage"] && estimate.stages[0].forecast.amount == 1)
  }

  /// What stages know beforehand goes from one to the next, and what an artifact says of itself counts more.
  @Test func factsGoOn() throws {
    var builder = TestPipeline()
    builder.add("source", Counted.self, ["amount": .integer(5)])
    builder.add("one", Costly.self, ["amount": .integer(2)], ["numbers": ["source"]])
    builder.add("two", Costly.self, ["amount": .integer(3)], ["numbers": ["one"]])
    let pipeline = builder.checked
    #expect(try estimate(pipeline).stages.map(\.forecast.amount) == [nil, 2, 3])
    try workspace.run(pipeline, RunOptions(only: ["source"]))
    #expect(try estimate(pipeline).stages.map(\.forecast.amount) == [10, 15])
    try workspace.run(pipeline)
    let store = workspace.store()
    #expect(try store.publishedRecord(pipeline: "test", stage: "two")?.cost?.amount == 15)
  }

  /// What a stage took since a checkpoint is not what it takes.
  @Test func aResumedRunTeachesNothing() throws {
    var builder = TestPipeline()
    builder.add("source", Source.self, ["path": .path("data")])
    builder.add("walk", Walk.self, ["steps": .integer(50)], ["numbers": ["source"]])
    let pipeline = builder.checked
    let interruption = Interruption()
    let recorder = Recorder { if $0.done == 20 { interruption.request(2) } }
    let options = RunOptions(checkpointInterval: .zero)
    #expect(throws: PipelineError.self) {
      try workspace.runner(pipeline, options, reporter: recorder, interruption: interruption).run()
    }
    let summary = try workspace.runner(pipeline, options).run()
    #expect(summary.comparison == nil)
    #expect(
      try workspace.store().publishedRecord(pipeline: "test", stage: "walk")?.cost?.isPartial == true)
    let again = try estimate(pipeline, RunOptions(force: ["walk"]))
    #expect(again.unknown == ["walk"])
  }

  /// A stage that trains several networks looks for a checkpoint before each, and finds what it has saved itself.
  @Test func lookingAgainIsNoResumption() throws {
    let pipeline = Self.single(LooksAgain.self)
    let summary = try workspace.runner(pipeline, RunOptions(checkpointInterval: .zero)).run()
    #expect(summary.built == ["stage"])
    let record = try #require(try workspace.store().publishedRecord(pipeline: "test", stage: "stage"))
    #expect(record.cost?.isPartial == false)
  }

  /// Nor is the time of a stage that found its work needless.
  @Test func needlessWorkTeachesNothing() throws {
    let pipeline = Self.single(Needless.self)
    let summary = try workspace.runner(pipeline).run()
    #expect(summary.built == ["stage"] && summary.comparison == nil)
    let again = try estimate(pipeline, RunOptions(force: ["stage"]))
    #expect(again.stages[0].forecast.basis == .assumed && again.total == 1)
  }

  /// After a run it can be said how far the estimate was off.
  @Test func comparedAfterwards() throws {
    let pipeline = Self.single(Costly.self, ["amount": .integer(30)])
    let comparison = try #require(try workspace.runner(pipeline).run().comparison)
    #expect(comparison.stages.map(\.name) == ["stage"] && comparison.estimated == 30)
    #expect(comparison.measured > 0 && comparison.error < 0)
    let record = try #require(try workspace.store().publishedRecord(pipeline: "test", stage: "stage"))
    #expect(record.cost?.estimatedSeconds == 30 && record.wallSeconds == comparison.measured)
    #expect(try workspace.runner(.standard(name: "other")).run().comparison == nil)
  }
}

/// What an estimate says of a run as a whole.
@Suite struct ForeseenScheduleTests {
  /// 10 s, then 20 s and 40 s side by side, then 5 s; threads do not help.
  private func diamond(parallel: Bool = false, memory: Int = 0) -> Pipeline {
    var pipeline = TestPipeline()
    func add(_ name: String, _ seconds: Int, _ sources: [String]) {
      pipeline.add(
        name, Costly.self,
        [
          "amount": .integer(seconds), "memory": .integer(memory),
          "parallel": .integer(parallel ? 1 : 0),
        ], sources.isEmpty ? [:] : ["numbers": sources])
    }
    add("first", 10, [])
    add("short", 20, ["first"])
    add("long", 40, ["first"])
    add("last", 5, ["short", "long"])
    return pipeline.checked
  }

  private func estimate(
    _ pipeline: Pipeline, threads: Int = 2, memoryLimit: Double = .infinity
  ) throws -> RunEstimate {
    let workspace = try Workspace()
    let runner = try workspace.runner(
      pipeline, RunOptions(threads: threads, memoryLimit: memoryLimit))
    return try runner.estimate(runner.plan())
  }

  @Test func sideBySide() throws {
    let estimate = try estimate(diamond())
    #expect(estimate.total == 75)
    #expect(estimate.criticalPath.stages == ["first", "long", "last"])
    #expect(estimate.criticalPath.seconds == 55)
    #expect(estimate.seconds(jobs: 1) == 75)
    #expect(estimate.seconds(jobs: 2) == 55)
    #expect(estimate.seconds(machines: 2) == 55)
  }

  /// Where threads help, stages that share them gain only what threads lose with one stage: here one of them has a
  /// thread to itself for 20 s, and the other half of the machine is idle.
  @Test func sharedThreads() throws {
    let estimate = try estimate(diamond(parallel: true))
    #expect(abs(estimate.total - 75 * 0.55) < 1e-9)
    // The first one with 2 threads, then both with 1 each, and the last one with 2 again.
    #expect(abs(estimate.seconds(jobs: 2) - (5.5 + 40 + 2.75)) < 1e-9)
    #expect(abs(estimate.seconds(machines: 2) - (5.5 + 22 + 2.75)) < 1e-9)
  }

  /// Equal ones in pairs, each with a thread: a tenth faster than one after the other with both.
  @Test func pairsAreFasterThanTurns() throws {
    var pipeline = TestPipeline()
    for name in ["one", "two", "three", "four"] {
      pipeline.add(name, Costly.self, ["amount": .integer(10), "parallel": .integer(1)])
    }
    let estimate = try estimate(pipeline.checked)
    #expect(abs(estimate.total - 22) < 1e-9)
    #expect(abs(estimate.seconds(jobs: 2) - 20) < 1e-9)
  }

  @Test func noMoreStagesThanThreads() throws {
    #expect(try estimate(diamond(), threads: 1).seconds(jobs: 8) == 75)
    #expect(try estimate(diamond(), threads: 1).seconds(machines: 8) == 55)
  }

  /// Two that do not fit into memory together run one after the other.
  @Test func memoryCounts() throws {
    let program = 65_000_000
    #expect(try estimate(diamond(memory: 1000), memoryLimit: Double(2 * program)).seconds(jobs: 2) == 75)
    #expect(try estimate(diamond(memory: 1000), memoryLimit: Double(2 * program + 2000)).seconds(jobs: 2) == 55)
    #expect(try estimate(diamond(memory: 1000), memoryLimit: 1).seconds(jobs: 2) == 75)
  }
}

/// Stages side by side as far as memory goes.
@Suite struct MemoryTests {
  private static let program = 65_000_000

  private static func meeting(_ needs: [Int], size: Int, patience: Int = Meet.forLong) -> Pipeline {
    let party = Meeting.newParty()
    var pipeline = TestPipeline()
    pipeline.add("source", Source.self, ["path": .path("data")])
    for (number, need) in needs.enumerated() {
      pipeline.add(
        "stage\(number)", HungryMeet.self,
        [
          "party": .integer(party), "size": .integer(size), "name": .integer(number),
          "patience": .integer(patience), "memory": .integer(need),
        ], ["numbers": ["source"]])
    }
    return pipeline.checked
  }

  private func run(_ pipeline: Pipeline, jobs: Int, limit: Int) throws -> [String] {
    let workspace = try Workspace()
    return try workspace.runner(
      pipeline, RunOptions(jobs: jobs, threads: 4, memoryLimit: Double(limit))
    ).run().built
  }

  @Test func whatFitsRunsTogether() throws {
    let limit = 2 * Self.program + 2000
    #expect(try run(Self.meeting([1000, 1000], size: 2), jobs: 2, limit: limit).count == 3)
  }

  /// The other half: the second one comes when the first has given up.
  @Test func whatDoesNotFitWaits() {
    let limit = 2 * Self.program + 2000
    #expect(throws: PipelineError.self) {
      try run(Self.meeting([1000, 1001], size: 2, patience: 300), jobs: 2, limit: limit)
    }
  }

  /// One by itself runs whatever it takes.
  @Test func aloneItRuns() throws {
    #expect(try run(Self.meeting([1000, 1000], size: 1), jobs: 2, limit: 1).count == 3)
  }

  /// A small one passes a large one that waits.
  @Test func aSmallOnePasses() throws {
    let limit = 2 * Self.program + 2000
    #expect(try run(Self.meeting([1500, 600, 500], size: 2), jobs: 3, limit: limit).count == 4)
  }
}
