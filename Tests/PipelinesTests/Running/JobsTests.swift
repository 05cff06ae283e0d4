import Foundation
import HDF5
import Pipelines
import Synchronization
import SystemPackage
import Testing

/// Several stages at once.
@Suite struct JobsTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static func options(_ jobs: Int, threads: Int = 4, keepsGoing: Bool = false) -> RunOptions {
    RunOptions(keepsGoing: keepsGoing, checkpointInterval: .zero, jobs: jobs, threads: threads)
  }

  /// source → stages of a kind, side by side → total.
  private static func fan(
    _ kind: any Stage.Type, _ parameters: [[String: ParameterValue]]
  ) -> Pipeline {
    var pipeline = TestPipeline()
    pipeline.add("source", Source.self, ["path": .path("data")])
    let names = parameters.indices.map { "part\($0)" }
    for (name, own) in zip(names, parameters) { pipeline.add(name, kind, own, ["numbers": ["source"]]) }
    pipeline.add("total", Total.self, [:], ["parts": names])
    return pipeline.checked
  }

  private static func meeting(_ count: Int, of size: Int, patience: Int = Meet.forLong) -> Pipeline {
    let party = Meeting.newParty()
    return fan(
      Meet.self,
      (0..<count).map {
        [
          "party": .integer(party), "size": .integer(size), "name": .integer($0),
          "patience": .integer(patience),
        ]
      })
  }

  @Test(arguments: [2, 3]) func stagesMeet(jobs: Int) throws {
    try workspace.run(Self.meeting(3, of: jobs), Self.options(jobs))
    #expect(workspace.exists("artifacts/test/total.h5"))
  }

  /// The other half of `stagesMeet`: with one job, or one thread, a stage waits for its fellow in vain.
  @Test(arguments: [(1, 4), (2, 1)]) func noMoreThanAllowed(jobs: Int, threads: Int) throws {
    #expect(throws: PipelineError.self) {
      try workspace.runner(
        Self.meeting(2, of: 2, patience: 500), Self.options(jobs, threads: threads)
      ).run()
    }
  }

  @Test func threadsAreDivided() throws {
    let pipeline = Self.fan(CountThreads.self, (0..<3).map { ["name": .integer($0)] })
    for (jobs, expected) in [(1, [4, 4, 4]), (3, [1, 1, 2]), (16, [1, 1, 2])] {
      let workspace = try Workspace()
      try workspace.run(pipeline, Self.options(jobs))
      let counts = try (0..<3).map { number in
        try HDF5.File.open(at: workspace.path("artifacts/test/part\(number).h5"))
          .root.read("numbers", as: Int.self)[0]
      }
      #expect(counts.sorted() == expected, "\(jobs) jobs")
    }
  }

  @Test func sameBytesForAnyNumberOfJobs() throws {
    let pipeline = Self.fan(Walk.self, (1...6).map { ["steps": .integer($0 * 20)] })
    try workspace.run(pipeline)
    for jobs in [2, 3, 16] {
      let other = try Workspace()
      #expect(try Set(other.run(pipeline, Self.options(jobs, threads: 16))).count == 8)
      #expect(try workspace.storedFiles() == other.storedFiles())
      #expect(try other.run(pipeline, Self.options(jobs)).isEmpty)
    }
  }

  /// Of two stages that would make the same, one does.
  @Test(arguments: [1, 3]) func equalStagesRunOnce(jobs: Int) throws {
    let pipeline = Self.fan(Walk.self, [5, 5, 7, 5].map { ["steps": .integer($0)] })
    let summary = try workspace.runner(pipeline, Self.options(jobs)).run()
    #expect(Set(summary.built) == ["source", "part0", "part2", "total"])
    #expect(Set(summary.fresh) == ["part1", "part3"])
    #expect(try workspace.storedFile("part0") == workspace.storedFile("part3"))
  }

  @Test func onlyOneThatWasAloneKnowsItsMemory() throws {
    try workspace.run(Self.meeting(2, of: 2), Self.options(2))
    let store = workspace.store()
    #expect(try store.publishedRecord(pipeline: "test", stage: "part0")?.peakMemory == nil)
    #expect(try (store.publishedRecord(pipeline: "test", stage: "total")?.peakMemory ?? 0) > 0)
  }

  /// A failure stops what is at work, which keeps its state; the next run goes on from there.
  @Test func aFailureStopsTheOthers() throws {
    let party = Meeting.newParty()
    var builder = TestPipeline()
    builder.add("source", Source.self, ["path": .path("data")])
    builder.add("bad", Meet.self, Meet.parameters(party, name: 0, fails: true), ["numbers": ["source"]])
    builder.add("long", MeetThenWalk.self, Meet.parameters(party, name: 1), ["numbers": ["source"]])
    builder.add("after", Scale.self, [:], ["numbers": ["long"]])
    let recorder = Recorder()
    #expect {
      try workspace.runner(builder.checked, Self.options(2), reporter: recorder).run()
    } throws: { error in
      "\(error)".hasPrefix("stage 'bad' failed: the number 13")
    }
    #expect(recorder.events.contains("failed bad"))
    #expect(recorder.events.contains("stopped long"))
    #expect(!recorder.events.contains { $0.hasPrefix("start after") })
    #expect(!workspace.exists("artifacts/test/long.h5"))
    #expect(try workspace.names("artifacts/store").filter { $0.hasPrefix(".") } == [])
    #expect(try !workspace.names("artifacts/checkpoints").isEmpty)
    #expect(openObjectCount(in: workspace.directory) == 0)
  }

  @Test func othersGoOnIfAsked() throws {
    let party = Meeting.newParty()
    var builder = TestPipeline()
    builder.add("source", Source.self, ["path": .path("data")])
    builder.add("bad", Meet.self, Meet.parameters(party, name: 0, fails: true), ["numbers": ["source"]])
    builder.add("good", Meet.self, Meet.parameters(party, name: 1), ["numbers": ["source"]])
    builder.add("lost", Scale.self, [:], ["numbers": ["bad"]])
    builder.add("after", Scale.self, [:], ["numbers": ["good"]])
    let recorder = Recorder()
    #expect(throws: PipelineError.self) {
      try workspace.runner(builder.checked, Self.options(2, keepsGoing: true), reporter: recorder).run()
    }
    #expect(recorder.events.contains("skipped lost for bad"))
    #expect(workspace.exists("artifacts/test/after.h5"))
  }

  /// Ctrl-C reaches all that are at work; what they saved leads to the same bytes.
  @Test func stoppedTogetherTheyGoOn() throws {
    let pipeline = Self.fan(Walk.self, (1...4).map { ["steps": .integer(100 + $0)] })
    try workspace.run(pipeline)
    let other = try Workspace()
    let interruption = Interruption()
    let steps = Atomic<Int>(0)
    let recorder = Recorder { _ in
      if steps.wrappingAdd(1, ordering: .relaxed).newValue == 60 { interruption.request(2) }
    }
    #expect {
      try other.runner(pipeline, Self.options(4), reporter: recorder, interruption: interruption).run()
    } throws: { error in
      (error as? PipelineError)?.exitStatus == .signal(2)
    }
    #expect(try other.names("artifacts/checkpoints").filter { $0.hasSuffix(".record") }.count >= 1)
    let again = Recorder()
    try other.runner(pipeline, Self.options(2), reporter: again).run()
    #expect(again.events.contains { $0.contains(" from step ") })
    #expect(try workspace.storedFiles() == other.storedFiles())
  }
}

/// Counts who is there.
enum Meeting {
  private static let parties = Mutex<[Int: Int]>([:])
  private static let lastParty = Atomic<Int>(0)

  static func newParty() -> Int { lastParty.wrappingAdd(1, ordering: .relaxed).newValue }

  /// Comes to a party and waits until so many have come, for so many milliseconds or a little longer.
  static func wait(_ party: Int, for size: Int, patience: Int) throws {
    parties.withLock { $0[party, default: 0] += 1 }
    for _ in 0..<patience {
      if parties.withLock({ $0[party, default: 0] }) >= size { return }
      usleep(1000)
    }
    throw Alone()
  }

  struct Alone: Error {}
}

/// Waits for others of its kind.
enum Meet: Stage {
  static let party = Parameter.integer("party", in: 0...1000, "Which meeting.")
  static let size = Parameter.integer("size", in: 1...100, default: 2, "How many.")
  static let name = Parameter.integer("name", in: 0...1000, default: 0, "Which of them.")
  static let fails = Parameter.integer("fails", in: 0...1, default: 0, "Whether it fails then.")
  static let patience = Parameter.integer(
    "patience", in: 1...1_000_000, default: forLong, "For how many milliseconds it waits.")
  /// Longer than the slowest machine needs, for stages that do come.
  static let forLong = 120_000
  static let declaration = StageDeclaration(
    kind: "meet", version: 1, summary: "Waits.", inputs: [Scale.numbers],
    parameters: [
      party.declaration, size.declaration, name.declaration, fails.declaration,
      patience.declaration,
    ], output: ArtifactType("numbers"))

  static func parameters(_ party: Int, name: Int, fails: Bool = false) -> [String: ParameterValue] {
    ["party": .integer(party), "name": .integer(name), "fails": .integer(fails ? 1 : 0)]
  }

  static func run(_ context: StageContext) throws {
    try Meeting.wait(context[party], for: context[size], patience: context[patience])
    if context[fails] == 1 { throw Defect() }
    try context.output.root.write([context[name]], to: "numbers")
  }
}

/// Waits for a `Meet`, and then walks until it is told to stop.
enum MeetThenWalk: Stage {
  static let declaration = StageDeclaration(
    kind: "meet-then-walk", version: 1, summary: "Waits and walks.", inputs: [Scale.numbers],
    parameters: Meet.declaration.parameters, output: ArtifactType("numbers"))

  static func run(_ context: StageContext) throws {
    try Meeting.wait(context[Meet.party], for: context[Meet.size], patience: context[Meet.patience])
    for _ in 0..<context[Meet.patience] where !context.shouldStop { usleep(1000) }
    try context.checkpoints.save(label: "somewhere") { try $0.root.write([1], to: "values") }
    if context.shouldStop { throw StageInterrupted() }
    try context.output.root.write([1], to: "numbers")
  }
}

/// Says how many threads it was given.
enum CountThreads: Stage {
  static let declaration = StageDeclaration(
    kind: "count-threads", version: 1, summary: "Counts threads.", inputs: [Scale.numbers],
    parameters: [Meet.name.declaration], output: ArtifactType("numbers"))

  static func run(_ context: StageContext) throws {
    try context.output.root.write([context.threads], to: "numbers")
  }
}
