import HDF5
import Pipelines
import TestSupport
import Testing

@Suite(.nothingStaysOpen) struct ResumeTests {
  let workspace: Workspace
  let pipeline: Pipeline
  /// Never because of time, unless asked to stop.
  let patient = RunOptions(checkpointInterval: .seconds(3600))
  /// At every step.
  let eager = RunOptions(checkpointInterval: .zero)

  init() throws {
    workspace = try Workspace()
    pipeline = Self.walk(steps: 10)
  }

  static func walk(steps: Int) -> Pipeline {
    var builder = TestPipeline()
    builder.add("source", Source.self, ["path": .path("data")])
    builder.add("walk", Walk.self, ["steps": .integer(steps)], ["numbers": ["source"]])
    return builder.checked
  }

  /// Runs until a step and stops there, as Ctrl-C would.
  func interrupt(
    at step: Int, _ pipeline: Pipeline? = nil, _ options: RunOptions? = nil, version: String = "test"
  ) throws {
    let interruption = Interruption()
    let recorder = Recorder { if $0.done == step { interruption.request(2) } }
    let runner = try workspace.runner(
      pipeline ?? self.pipeline, options ?? patient, reporter: recorder, interruption: interruption,
      version: version)
    #expect {
      try runner.run()
    } throws: { error in
      guard case PipelineError.interrupted(signal: 2, stage: "walk")? = error as? PipelineError
      else { return false }
      return (error as? PipelineError)?.exitStatus.rawValue == 130
    }
  }

  func undisturbed(_ pipeline: Pipeline) throws -> [String] {
    let other = try Workspace()
    try other.run(pipeline)
    return try other.storedFiles()
  }

  @Test(arguments: [2, 5, 9]) func goesOnAndGivesEqualBytes(step: Int) throws {
    try interrupt(at: step)
    let planned = try workspace.runner(pipeline).plan().stages[1]
    #expect(planned.state == .stale)
    #expect(planned.checkpoint?.label == "step \(step) of 10")

    let recorder = Recorder()
    try workspace.runner(pipeline, patient, reporter: recorder).run()
    #expect(recorder.events.contains("start walk 2/2 from step \(step) of 10: never built"))
    #expect(try workspace.storedFiles() == undisturbed(pipeline))
    #expect(try workspace.names("artifacts/checkpoints") == [])
    #expect(openObjectCount(in: workspace.directory) == 0)
  }

  @Test func goesOnTwice() throws {
    try interrupt(at: 3)
    try interrupt(at: 6)
    try workspace.run(pipeline, patient)
    #expect(try workspace.storedFiles() == undisturbed(pipeline))
  }

  @Test func savingOftenChangesNothing() throws {
    try workspace.run(pipeline, eager)
    #expect(try workspace.storedFiles() == undisturbed(pipeline))
    #expect(try workspace.names("artifacts/checkpoints") == [])
  }

  @Test func onlyTheLastCheckpointIsKept() throws {
    try interrupt(at: 6, pipeline, eager)
    #expect(try workspace.names("artifacts/checkpoints").count == 2)
  }

  @Test func aCheckpointThatOutlivedItsArtifactGoes() throws {
    try interrupt(at: 5)
    let names = try workspace.names("artifacts/checkpoints")
    let saved = try names.map { try workspace.read("artifacts/checkpoints/\($0)") }
    try workspace.run(pipeline, patient)
    for (name, bytes) in zip(names, saved) {
      try workspace.write("artifacts/checkpoints/\(name)", Array(bytes))
    }
    #expect(try workspace.run(pipeline, patient) == [])
    #expect(try workspace.names("artifacts/checkpoints") == [])
  }

  @Test func aCheckpointWithoutItsRecordGoes() throws {
    try interrupt(at: 5)
    let record = try #require(
      try workspace.names("artifacts/checkpoints").first { $0.hasSuffix(".record") })
    try workspace.remove("artifacts/checkpoints/\(record)")
    try workspace.run(pipeline, RunOptions(only: ["source"]))
    #expect(try workspace.names("artifacts/checkpoints") == [])
  }

  @Test func aDamagedCheckpointIsIgnored() throws {
    try interrupt(at: 5)
    let file = try #require(
      try workspace.names("artifacts/checkpoints").first { $0.hasSuffix(".h5") })
    try workspace.flipBit("artifacts/checkpoints/\(file)")
    let recorder = Recorder()
    try workspace.runner(pipeline, patient, reporter: recorder).run()
    #expect(recorder.events.contains("ignored walk: the checkpoint is damaged"))
    #expect(try workspace.storedFiles() == undisturbed(pipeline))
  }

  @Test func aMissingCheckpointFileIsIgnored() throws {
    try interrupt(at: 5)
    let file = try #require(
      try workspace.names("artifacts/checkpoints").first { $0.hasSuffix(".h5") })
    try workspace.remove("artifacts/checkpoints/\(file)")
    try workspace.run(pipeline, patient)
    #expect(try workspace.storedFiles() == undisturbed(pipeline))
  }

  @Test func aDamagedCheckpointRecordIsIgnored() throws {
    try interrupt(at: 5)
    let record = try #require(
      try workspace.names("artifacts/checkpoints").first { $0.hasSuffix(".record") })
    try workspace.flipBit("artifacts/checkpoints/\(record)")
    #expect(try workspace.runner(pipeline).plan().stages[1].checkpoint == nil)
    let recorder = Recorder()
    try workspace.runner(pipeline, patient, reporter: recorder).run()
    #expect(recorder.events.contains("ignored walk: the checkpoint is damaged"))
    #expect(try workspace.storedFiles() == undisturbed(pipeline))
  }

  @Test func aCheckpointOfAnotherProgramIsIgnored() throws {
    try interrupt(at: 5, version: "older")
    #expect(try workspace.runner(pipeline).plan().stages[1].checkpoint == nil)
    let recorder = Recorder()
    try workspace.runner(pipeline, patient, reporter: recorder).run()
    #expect(recorder.events.contains("ignored walk: the checkpoint was written by version older"))
  }

  @Test func aCheckpointOfAnotherFingerprintIsNotFound() throws {
    try interrupt(at: 5, Self.walk(steps: 20))
    let recorder = Recorder()
    try workspace.runner(pipeline, patient, reporter: recorder).run()
    #expect(recorder.events.contains("start walk 2/2: never built"))
    let word = "ignored walk: the checkpoint at step 5 of 20 belongs to other parameters or inputs"
    #expect(recorder.events.contains(word))
    #expect(try workspace.storedFiles() == undisturbed(pipeline))
    // The other one can still go on.
    #expect(
      try workspace.runner(Self.walk(steps: 20)).plan().stages[1].checkpoint?.label == "step 5 of 20")
  }

  @Test func aRequestBetweenStagesStopsThere() throws {
    let interruption = Interruption()
    interruption.request(15)
    #expect {
      try workspace.runner(pipeline, interruption: interruption).run()
    } throws: { error in
      (error as? PipelineError)?.exitStatus.rawValue == 143
    }
    #expect(!workspace.exists("artifacts/test/source.h5"))
  }
}
