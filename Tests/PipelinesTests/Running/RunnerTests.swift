import Foundation
import HDF5
import Pipelines
import SystemPackage
import TestSupport
import Testing

@Suite(.nothingStaysOpen) struct RunnerTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  @Test func eventsComeInOrder() throws {
    let recorder = Recorder()
    try workspace.runner(.standard(), reporter: recorder).run()
    #expect(
      recorder.events == [
        "run 4 of 4",
        "start source 1/4: never built", "finished source source.h5",
        "start scaled 2/4: never built", "note scaled: scaled 3 numbers", "finished scaled scaled.h5",
        "start large 3/4: never built", "finished large large.h5",
        "start total 4/4: never built", "note total: the sum is 6", "finished total total.h5",
        "done 4",
      ])
    let again = Recorder()
    try workspace.runner(.standard(), reporter: again).run()
    #expect(
      again.events == [
        "run 0 of 4", "fresh source", "fresh scaled", "fresh large", "fresh total", "done 0",
      ])
  }

  @Test func twoRunsGiveEqualBytes() throws {
    let other = try Workspace()
    try workspace.run(.standard())
    try other.run(.standard(text: "# another text"))
    #expect(try workspace.storedFiles() == other.storedFiles())
    for file in try workspace.storedFiles() {
      #expect(
        try workspace.read("artifacts/store/\(file)") == other.read("artifacts/store/\(file)"))
    }
  }

  @Test func stagesSeeTheChoicesOfTheirInputs() throws {
    var pipeline = TestPipeline()
    pipeline.add("source", Source.self, ["path": .path("data")])
    for factor in [3, 5] {
      pipeline.add(
        "scaled", Scale.self, ["factor": .integer(factor)], ["numbers": ["source"]],
        choices: [SweepChoice("factor", "\(factor)"), SweepChoice("unit", "%+")])
    }
    let copies = ["scaled[factor=5,unit=%+]", "scaled[factor=3,unit=%+]"]
    let choices = [SweepChoice("factor", "3"), SweepChoice("unit", "%+")]
    pipeline.add("roll", Roll.self, [:], ["parts": ["source"] + copies])
    try workspace.run(pipeline.checked)
    let file = try HDF5.File.open(at: workspace.path("artifacts/test/roll.h5"))
    #expect(
      try file.root.readStrings("lines") == [
        "source source", "\(copies[0]) scaled factor 5 unit %+", "\(copies[1]) scaled factor 3 unit %+",
      ])
    // Records have them too.
    let store = workspace.store()
    #expect(try store.publishedRecord(pipeline: "test", stage: copies[1])?.choices == choices)
    let inputs = try #require(try store.publishedRecord(pipeline: "test", stage: "roll")).inputs
    #expect(inputs.map(\.stage) == ["source"] + copies)
    #expect(inputs[0].choices == [] && inputs[2].choices == choices)
  }

  @Test func artifactsSayHowTheyWereMade() throws {
    try workspace.run(.standard(factor: 7))
    let file = try HDF5.File.open(at: workspace.path("artifacts/test/scaled.h5"))
    let root = try file.root
    #expect(try root.attribute("provenance.kind") == "scale")
    #expect(try root.attribute("provenance.version") == 1)
    #expect(try root.attribute("provenance.parameters") == .strings(["factor = 7"]))
    let source = try #require(
      try workspace.store().publishedRecord(pipeline: "test", stage: "source"))
    #expect(
      try root.attribute("provenance.inputs") == .strings(["numbers <- \(source.contentDigest)"]))
    #expect(try root.read("numbers") as [Int] == [7, 14, 21])
  }

  @Test func recordsSayWhatTheFileMustNot() throws {
    var files = FileSystem()
    files.now = { 1_700_000_000_900_000_000 }
    try workspace.runner(
      .standard(text: "# how\n\tand\\why\n"), store: workspace.store(files: files)
    ).run()
    let record = try #require(
      try workspace.store().publishedRecord(pipeline: "test", stage: "scaled"))
    #expect(record.manifestText == "# how\n\tand\\why\n")
    #expect(record.notes.map(\.text) == ["scaled 3 numbers"])
    #expect(record.programVersion == "test")
    #expect(record.wallSeconds > 0)
    #expect((record.peakMemory ?? 0) > 1_000_000)
    #expect(record.startedAt == Date(timeIntervalSince1970: 1_700_000_000))
    #expect(record.inputs.map(\.stage) == ["source"])
  }

  @Test func onlyRunsWhatIsAskedAndNeeded() throws {
    #expect(try workspace.run(.standard(), RunOptions(only: ["scaled"])) == ["source", "scaled"])
    #expect(try workspace.run(.standard()) == ["large", "total"])
  }

  @Test func forceRunsAStageAndNothingThatStaysTheSame() throws {
    try workspace.run(.standard())
    let forced = RunOptions(force: ["scaled"])
    #expect(try workspace.plan(.standard(), forced)["scaled"] == "stale: forced")
    #expect(try workspace.run(.standard(), forced) == ["scaled"])
  }

  /// A name without choices stands for all copies, with them for one.
  @Test func aNameStandsForAllCopies() throws {
    var sweep = TestPipeline(name: "test", text: "")
    sweep.add("source", Source.self, ["path": .path("data")])
    for factor in [2, 3] {
      sweep.add(
        "scaled", Scale.self, ["factor": .integer(factor)], ["numbers": ["source"]],
        choices: [SweepChoice("factor", "\(factor)")])
    }
    sweep.add("large", Exceeds.self, ["limit": .integer(1)], ["numbers": ["scaled[factor=3]"]])
    let pipeline = sweep.checked
    let (second, third) = ("scaled[factor=2]", "scaled[factor=3]")
    #expect(try workspace.run(pipeline, RunOptions(only: [third])) == ["source", third])
    #expect(try workspace.run(pipeline, RunOptions(only: ["scaled"])) == [second])
    #expect(try workspace.run(pipeline, RunOptions(only: ["scaled"], force: ["scaled"])) == [second, third])
  }

  @Test func anUnknownStageIsAUsageError() throws {
    #expect {
      try workspace.runner(.standard(), RunOptions(only: ["scald"]))
    } throws: { error in
      (error as? PipelineError)?.exitStatus == .usage && "\(error)".contains("scaled")
    }
  }

  @Test func aPipelineCannotTakeTheStoresNames() throws {
    #expect(throws: PipelineError.self) { try workspace.runner(.standard(name: "store")) }
  }

  @Test func pipelinesShareArtifacts() throws {
    try workspace.run(.standard(name: "one"))
    #expect(try workspace.run(.standard(name: "two", factor: 50)) == ["scaled", "large", "total"])
    #expect(try workspace.run(.standard(name: "three", scaled: "other")) == [])
    #expect(
      try workspace.storedFile("source", pipeline: "one")
        == workspace.storedFile("source", pipeline: "two"))
  }

  @Test func noObjectStaysOpen() throws {
    try workspace.run(.standard())
    #expect(openObjectCount(in: workspace.directory) == 0)
  }
}

/// A stage that fails, and what is left.
@Suite(.nothingStaysOpen) struct FailureTests {
  let workspace: Workspace
  let pipeline: Pipeline

  init() throws {
    workspace = try Workspace()
    try workspace.write("data", [13])
    var builder = TestPipeline()
    builder.add("source", Source.self, ["path": .path("data")])
    builder.add("careful", Superstitious.self, [:], ["numbers": ["source"]])
    builder.add("after", Scale.self, [:], ["numbers": ["careful"]])
    builder.add("beside", Scale.self, [:], ["numbers": ["source"]])
    pipeline = builder.checked
  }

  @Test func theErrorNamesTheStageAndFinishedOnesAreKept() throws {
    #expect {
      try workspace.runner(pipeline).run()
    } throws: { error in
      "\(error)" == "stage 'careful' failed: the number 13 is not allowed"
        && (error as? PipelineError)?.exitStatus == .data
    }
    #expect(workspace.exists("artifacts/test/source.h5"))
    #expect(!workspace.exists("artifacts/test/careful.h5"))
    #expect(try workspace.names("artifacts/store").filter { $0.hasPrefix(".") } == [])
    #expect(try workspace.plan(pipeline)["source"] == "fresh")
    #expect(openObjectCount(in: workspace.directory) == 0)
  }

  @Test func otherBranchesGoOnIfAsked() throws {
    let recorder = Recorder()
    #expect {
      try workspace.runner(pipeline, RunOptions(keepsGoing: true), reporter: recorder).run()
    } throws: { error in
      "\(error)".contains("stage 'careful' failed: the number 13") && "\(error)".contains("after")
    }
    #expect(recorder.events.contains("skipped after for careful"))
    #expect(workspace.exists("artifacts/test/beside.h5"))
  }

  @Test func anInputThatChangesWhileItIsReadFailsTheStage() throws {
    var builder = TestPipeline()
    builder.add("meddler", Meddler.self, ["path": .path("data")])
    #expect {
      try workspace.runner(builder.checked).run()
    } throws: { error in
      "\(error)".contains("was changed while it was being read")
        && (error as? PipelineError)?.exitStatus == .inputOutput
    }
    #expect(!workspace.exists("artifacts/test/meddler.h5"))
  }
}

/// No artifact holds a number that is none.
@Suite(.nothingStaysOpen) struct FiniteNumberTests {
  @Test(arguments: [
    (1, "inf at index 1 of /inner/values"),
    (2, "nan at index 0 of the attribute 'rate' of /inner"),
  ]) func infinityIsNotPublished(place: Int, text: String) throws {
    let workspace = try Workspace()
    var builder = TestPipeline()
    builder.add("wild", Wild.self, ["where": .integer(place)])
    #expect {
      try workspace.runner(builder.checked).run()
    } throws: { error in
      "\(error)".contains("stage 'wild' failed: its result contains \(text)")
        && (error as? PipelineError)?.exitStatus == .data
    }
    #expect(!workspace.exists("artifacts/test/wild.h5"))
    #expect(openObjectCount(in: workspace.directory) == 0)
  }
}

/// Writes numbers that are not finite.
enum Wild: Stage {
  static let place = Parameter.integer("where", in: 0...2, "Where.")
  static let declaration = StageDeclaration(
    kind: "wild", version: 1, summary: "Diverges.", parameters: [place.declaration],
    output: ArtifactType("numbers"))

  static func run(_ context: StageContext) throws {
    let group = try context.output.root.createGroup("inner")
    try group.write([1, context[place] == 1 ? Float.infinity : 2], to: "values")
    try group.setAttribute("rate", to: .double(context[place] == 2 ? .nan : 1))
  }
}

/// Writes to its own input.
enum Meddler: Stage {
  static let declaration = StageDeclaration(
    kind: "meddler", version: 1, summary: "Writes to its input.",
    parameters: [Source.file.declaration], output: ArtifactType("numbers"))

  static func run(_ context: StageContext) throws {
    let path = context.path(Source.file).string
    try Data([77]).write(to: URL(fileURLWithPath: path))
    try context.output.root.write([1], to: "numbers")
  }
}
