import Foundation
import Pipelines
import SystemPackage
import TestSupport
import Testing

/// Which stages run after which change, and what the dry run says before it.
@Suite(.nothingStaysOpen) struct StalenessTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    let built = try workspace.run(.standard())
    #expect(built == ["source", "scaled", "large", "total"])
  }

  @Test func nothingRunsTwice() throws {
    #expect(try workspace.run(.standard()) == [])
    #expect(try workspace.runner(.standard()).plan().isFresh)
  }

  @Test func commentsAndTextMeanNothing() throws {
    #expect(try workspace.run(.standard(text: "# another comment\n\n")) == [])
  }

  @Test func writingOutADefaultMeansNothing() throws {
    var pipeline = TestPipeline()
    pipeline.add("source", Source.self, ["path": .path("data")])
    pipeline.add("scaled", Scale.self, [:], ["numbers": ["source"]])
    #expect(try workspace.run(pipeline.checked) == [])
  }

  @Test func aParameterRunsItsStageAndChangedDependents() throws {
    let changed = Pipeline.standard(factor: 50)
    #expect(
      try workspace.plan(changed) == [
        "source": "fresh", "scaled": "stale: factor: 2 → 50",
        "large": "undecided: reads scaled, to be rebuilt (may come out the same)",
        "total": "undecided: reads large, to be rebuilt (may come out the same)",
      ])
    #expect(try workspace.run(changed) == ["scaled", "large", "total"])
  }

  @Test func equalContentCutsOff() throws {
    // 3 × 3 is not above 100 either: `large` comes out as before.
    #expect(try workspace.run(.standard(factor: 3)) == ["scaled", "large"])
  }

  @Test func changingBackRunsNothing() throws {
    try workspace.run(.standard(factor: 50))
    let plan = try workspace.plan(.standard())
    #expect(plan["scaled"] == "fresh")
    #expect(try workspace.run(.standard()) == [])
    let link = try workspace.storedFile("scaled")
    #expect(workspace.exists(link))
    // Back again, the readable name follows.
    #expect(try workspace.run(.standard(factor: 50)) == [])
    #expect(try workspace.storedFile("scaled") != link)
  }

  @Test func touchingAFileMeansNothing() throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_000_000)],
      ofItemAtPath: workspace.path("data").string)
    #expect(try workspace.run(.standard()) == [])
  }

  @Test func movingAFileMeansNothing() throws {
    try FileManager.default.moveItem(
      atPath: workspace.path("data").string, toPath: workspace.path("moved").string)
    #expect(try workspace.run(.standard(path: "moved")) == [])
  }

  @Test func aChangedByteRunsWhatReadsIt() throws {
    try workspace.write("data", [1, 2, 4])
    let plan = try workspace.plan(.standard())
    let data = "data"
    #expect(plan["source"] == "stale: '\(data)' changed")
    #expect(plan["scaled"] == "undecided: reads source, to be rebuilt (may come out the same)")
    // `large` reads what `scaled` made of it.
    #expect(try workspace.run(.standard()) == ["source", "scaled", "large", "total"])
  }

  @Test func anotherFileOfOtherContentIsAChangedParameter() throws {
    try workspace.write("other", [9])
    #expect(try workspace.plan(.standard(path: "other"))["source"] == "stale: path: data → other")
  }

  @Test func aRenamedStageIsTheSameStage() throws {
    #expect(try workspace.run(.standard(scaled: "multiplied")) == [])
    #expect(try workspace.storedFile("multiplied") == workspace.storedFile("scaled"))
  }

  @Test func aNewVersionOfAKindRunsItAgain() throws {
    let bumped = Pipeline.standard(scale: ScaleVersion2.self)
    #expect(
      try workspace.plan(bumped)["scaled"] == "stale: the stage kind 'scale': version 1 → 2")
    // It computes the same, so nothing follows.
    #expect(try workspace.run(bumped) == ["scaled"])
  }

  @Test func anotherKindUnderTheName() throws {
    var pipeline = TestPipeline()
    pipeline.add("source", Source.self, ["path": .path("data")])
    pipeline.add("scaled", Superstitious.self, [:], ["numbers": ["source"]])
    #expect(try workspace.plan(pipeline.checked)["scaled"] == "stale: kind: scale → superstitious")
  }

  @Test func anotherInputIsNamed() throws {
    var pipeline = TestPipeline()
    pipeline.add("source", Source.self, ["path": .path("data")])
    pipeline.add("scaled", Scale.self, [:], ["numbers": ["source"]])
    pipeline.add("large", Exceeds.self, [:], ["numbers": ["source"]])
    pipeline.add("total", Total.self, [:], ["parts": ["scaled", "source"]])
    let plan = try workspace.plan(pipeline.checked)
    #expect(plan["large"] == "stale: the input 'numbers' changed")
    #expect(plan["total"] == "stale: the input 'parts' changed")
  }

  @Test func theOrderOfInputsCounts() throws {
    func pipeline(_ parts: [String]) -> Pipeline {
      var pipeline = TestPipeline()
      pipeline.add("source", Source.self, ["path": .path("data")])
      pipeline.add("scaled", Scale.self, [:], ["numbers": ["source"]])
      pipeline.add("total", Total.self, [:], ["parts": parts])
      return pipeline.checked
    }
    #expect(try workspace.run(pipeline(["source", "scaled"])) == ["total"])
    #expect(try workspace.run(pipeline(["scaled", "source"])) == ["total"])
  }

  @Test func aFolderCountsByNamesAndBytes() throws {
    try workspace.makeFolder("folder/inner")
    try workspace.write("folder/a", [1])
    try workspace.write("folder/inner/b", [2])
    var builder = TestPipeline(name: "folders")
    builder.add("count", FolderSize.self, ["path": .path("folder")])
    let pipeline = builder.checked
    #expect(try workspace.run(pipeline) == ["count"])
    #expect(try workspace.run(pipeline) == [])
    try workspace.write("folder/inner/b", [3])
    #expect(try workspace.plan(pipeline)["count"] == "stale: 'folder' changed")
    #expect(try workspace.run(pipeline) == ["count"])
    try FileManager.default.moveItem(
      atPath: workspace.path("folder/a").string, toPath: workspace.path("folder/c").string)
    #expect(try workspace.run(pipeline) == ["count"])
    try workspace.remove("folder/c")
    #expect(try workspace.run(pipeline) == ["count"])
  }

  /// Old archives have names in other encodings.
  @Test func namesThatAreNotUTF8() throws {
    try workspace.makeFolder("folder")
    let name = try #require(FilePath.Component(platformString: [0x61, CChar(bitPattern: 0xE4), 0]))
    func write(_ byte: UInt8) throws {
      let file = try FileDescriptor.open(
        workspace.path("folder").appending(name), .writeOnly, options: [.create, .truncate],
        permissions: .ownerReadWrite)
      _ = try file.closeAfter { try file.writeAll([byte]) }
    }
    var builder = TestPipeline(name: "folders")
    builder.add("count", FolderSize.self, ["path": .path("folder")])
    try write(1)
    #expect(try workspace.run(builder.checked) == ["count"])
    #expect(try workspace.run(builder.checked) == [])
    try write(2)
    #expect(try workspace.run(builder.checked) == ["count"])
  }

  /// Links to folders, and those that lead nowhere, count as what they are: a link to the root of the disk
  /// would never end.
  @Test func linksOfAFolder() throws {
    try workspace.makeFolder("folder")
    try workspace.makeFolder("other")
    func link(_ name: String, to target: String) throws {
      let path = workspace.path("folder/\(name)").string
      try? FileManager.default.removeItem(atPath: path)
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }
    try link("again", to: ".")
    try link("root", to: "/")
    try link("circle", to: "circle")
    try link("nowhere", to: "nothing")
    try link("device", to: "/dev/zero")
    var builder = TestPipeline(name: "folders")
    builder.add("count", FolderSize.self, ["path": .path("folder")])
    #expect(try workspace.run(builder.checked) == ["count"])
    #expect(try workspace.run(builder.checked) == [])
    try link("again", to: "../other")
    #expect(try workspace.run(builder.checked) == ["count"])
    // A link to a file is the file.
    try workspace.write("other/file", [1])
    try link("nowhere", to: "../other/file")
    #expect(try workspace.run(builder.checked) == ["count"])
    try workspace.write("other/file", [2])
    #expect(try workspace.run(builder.checked) == ["count"])
    #expect(try workspace.run(builder.checked) == [])
  }

  @Test func aMissingFileIsNamed() throws {
    #expect {
      try workspace.plan(.standard(path: "nowhere"))
    } throws: { error in
      guard let error = error as? PipelineError else { return false }
      return error.exitStatus == .noInput && error.message.contains("nowhere")
        && error.message.contains("'source'")
    }
  }
}

/// Reads nothing of its folder; the runner hashes it.
enum FolderSize: Stage {
  static let declaration = StageDeclaration(
    kind: "folder", version: 1, summary: "Looks at a folder.",
    parameters: [Source.file.declaration], output: ArtifactType("numbers"))

  static func run(_ context: StageContext) throws {
    try context.output.root.write([1], to: "numbers")
  }
}
