import HDF5
import Pipelines
import TestSupport
import Testing

/// Which stages a run looks at, and when.
@Suite struct ReadyStagesTests {
  private func taken(_ ready: inout ReadyStages) -> [Int] {
    var taken: [Int] = []
    while let stage = ready.next() { taken.append(stage) }
    return taken
  }

  @Test func readyWhenTheLastSourceEnds() {
    // 0 and 3 read nothing, 1 reads 0, 2 reads 0 and 3, 4 reads 2.
    var ready = ReadyStages([[], [0], [0, 3], [], [2]])
    #expect(taken(&ready) == [0, 3])
    #expect(taken(&ready) == [])
    ready.end(3)
    #expect(taken(&ready) == [])
    ready.end(0)
    #expect(taken(&ready) == [1, 2])
    ready.end(2)
    #expect(taken(&ready) == [4])
  }

  @Test func heldUntilTheOtherEnds() throws {
    let (one, other) = (
      try #require(Digest(String(repeating: "1", count: 64))),
      try #require(Digest(String(repeating: "2", count: 64)))
    )
    var ready = ReadyStages([[], [], []])
    #expect(taken(&ready) == [0, 1, 2])
    ready.hold(2, until: one)
    ready.hold(1, until: one)
    ready.release(other)
    #expect(taken(&ready) == [])
    ready.release(one)
    #expect(taken(&ready) == [1, 2])
    ready.release(one)
    #expect(taken(&ready) == [])
  }

  /// For random graphs: every stage once, after its sources, whatever order they end in.
  @Test func randomGraphs() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      let sources = (0..<30).map { stage in
        (0..<stage).shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)).sorted()
      }
      var ready = ReadyStages(sources)
      var (running, ended): ([Int], Set<Int>) = ([], [])
      while true {
        running += taken(&ready)
        guard let stage = running.randomElement(using: &random) else { break }
        #expect(Set(sources[stage]).isSubset(of: ended))
        running.removeAll { $0 == stage }
        #expect(ended.insert(stage).inserted)
        ready.end(stage)
      }
      #expect(ended.count == 30)
    }
  }
}

/// A run of very many stages.
@Suite struct ManyStagesTests {
  /// A source, chains and fans of stages that come out alike, and a total: with three artifacts to make, all
  /// that is left is to plan and to go from stage to stage.
  private static func pipeline(_ count: Int) -> Pipeline {
    var pipeline = TestPipeline()
    pipeline.add("source", Source.self, ["path": .path("data")])
    for number in 1...count {
      pipeline.add(
        number: number, Scale.self, ["factor": .integer(1)], source: number % 10 == 1 ? 0 : number - 1)
    }
    return pipeline.checked
  }

  /// On a 2-core Zen 4 the plan takes 0.08 s, the run 1.1 s, and both again 0.7 s and 0.8 s. The bound on the processor time is there for work
  /// that grows with the square of the number of stages, not for the machine.
  @Test func tenThousand() throws {
    let workspace = try Workspace()
    let pipeline = Self.pipeline(10_000)
    var (plan, summary) = (try workspace.runner(Self.pipeline(1)).plan(), RunSummary())
    let planning = try processorSeconds { plan = try workspace.runner(pipeline).plan() }
    #expect(plan.unfinished.count == 10_001)
    let running = try processorSeconds { summary = try workspace.runner(pipeline).run() }
    #expect(summary.built == ["source", "stage1"])
    #expect(summary.fresh.count == 9_999)
    let again = try processorSeconds { plan = try workspace.runner(pipeline).plan() }
    #expect(plan.isFresh)
    let idle = try processorSeconds { summary = try workspace.runner(pipeline).run() }
    #expect(summary.built.isEmpty && summary.fresh.count == 10_001)
    print(
      "measured: 10,001 stages, in s: plan \(planning), run \(running), plan again \(again), run again \(idle)")
    #expect(planning + running + again + idle < 60)
  }

  /// Stages that wait for each other in the other order than the manifest's.
  @Test func orderOfManyStages() {
    let count = 10_000
    let backwards = StageOrder((0..<count).map { $0 + 1 < count ? [$0 + 1] : [] })
    #expect(backwards.stages == Array((0..<count).reversed()))
    let cycle = StageOrder((0..<count).map { [($0 + count - 1) % count] })
    #expect(cycle.cycles == [Array(0..<count)])
  }
}
