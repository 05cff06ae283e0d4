import Foundation
import Testing

extension CommandTests {
  /// Which stages run after which change, and that the plan knew.
  @Suite struct Staleness {
    /// Plans, runs, and runs again; compares what was built.
    private func expectBuilt(
      _ expected: [String], in workspace: Workspace, _ arguments: [String] = [],
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let command = ["run", "test.pipeline"] + arguments
      let plan = try workspace.winnow(command + ["--dry-run"]).output
      if !arguments.contains("--only") {
        let status = try workspace.winnow(["status", "test.pipeline"] + arguments)
        #expect(status.output == plan, sourceLocation: sourceLocation)
        #expect(status.status == (plan.contains("stale ") ? 1 : 0), sourceLocation: sourceLocation)
      }

      let outcome = try workspace.winnow(command)
      outcome.expect(sourceLocation: sourceLocation)
      #expect(outcome.built == expected, sourceLocation: sourceLocation)
      for line in plan.split(separator: "\n") {
        let words = line.split(separator: " ").map(String.init)
        switch words[0] {
        case "stale": #expect(expected.contains(words[1]), "\(line)", sourceLocation: sourceLocation)
        case "fresh": #expect(!expected.contains(words[1]), "\(line)", sourceLocation: sourceLocation)
        default: #expect(words[0] == "maybe", sourceLocation: sourceLocation)
        }
      }
      #expect(try workspace.winnow(command).built.isEmpty, sourceLocation: sourceLocation)
    }

    @Test func commentsAndSpacesChangeNothing() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.edit("stage split : split\n", "# By rank.\n\n\nstage split : split\n")
      try workspace.edit("rate   = 10%", "rate = 0.10   # a tenth")
      try expectBuilt([], in: workspace)
    }

    /// Neither does writing a default down, nor giving a variable another name.
    @Test func sameMeaningChangesNothing() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.edit("let rounds = 3", "let many = 3")
      try workspace.edit("rounds         = $rounds", "rounds         = $many")
      try workspace.edit("model  <- fine_tuned\n", "model  <- fine_tuned\n    draws = 1\n")
      try expectBuilt([], in: workspace)
    }

    @Test func aParameterInTheMiddle() throws {
      let workspace = try Workspace(copyOf: .reference)
      let after = ["split", "detection", "repaired", "after", "summary"]
      try expectBuilt(after, in: workspace, ["clean=25%"])
      // The artifacts of the old value are still there.
      try expectBuilt([], in: workspace)
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
      try expectBuilt([], in: workspace, ["clean=0.25"])
    }

    @Test func aParameterAtTheEnd() throws {
      let workspace = try Workspace(copyOf: .reference)
      try expectBuilt(["repaired", "after", "summary"], in: workspace, ["rounds=2"])
    }

    @Test func reasonsNameOldAndNewValues() throws {
      let workspace = try Workspace(copyOf: .reference)
      let lines = try workspace.winnow(["status", "test.pipeline", "warmup.epochs=2", "rounds=4"])
        .output.split(separator: "\n").map(String.init)
      #expect(lines[4] == "stale  warmup      epochs: 3 → 2")
      #expect(lines[10].hasPrefix("stale  repaired    rounds: 3 → 4; reads split, to be rebuilt"))
      #expect(lines[11] == "fresh  before")
    }

    /// The folder is read by both 'load' stages; where the images come out the same, nothing follows.
    @Test func aLabelOfATestImage() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.flipByte(TestData.recordSize * 7, of: "data/test_batch.bin")
      let after = ["train", "test", "triggered", "repaired", "before", "after", "summary"]
      try expectBuilt(after, in: workspace)
    }

    @Test func aLabelOfATrainingImage() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.flipByte(TestData.recordSize * 7, of: "data/data_batch_3.bin")
      try expectBuilt(TestManifest.stages, in: workspace)
    }

    /// One bit of one pixel.
    @Test func aPixelOfATrainingImage() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.flipByte(TestData.recordSize * 7 + 500, of: "data/data_batch_3.bin")
      let expected = ["train", "poisoned", "warmup", "fine_tuned", "scores"]
      try expectBuilt(expected, in: workspace, ["--only", "scores"])
    }

    @Test func anotherFileInTheDataFolder() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write("hello", to: "data/readme.html")
      try expectBuilt(["train", "test"], in: workspace)
    }

    /// Times and inodes decide nothing.
    @Test func touchedFilesAreTheSame() throws {
      let workspace = try Workspace(copyOf: .reference)
      for (name, data) in TestData.files {
        let url = workspace.folder.appending(path: "data/\(name)")
        try FileManager.default.removeItem(at: url)
        try data.write(to: url)
      }
      try expectBuilt([], in: workspace)
    }

    @Test func aStageThatIsForced() throws {
      let workspace = try Workspace(copyOf: .reference)
      let outcome = try workspace.run("--force", "warmup")
      outcome.expect(messages: "warmup: forced")
      // It comes out the same, so nothing else runs.
      #expect(outcome.built == ["warmup"])
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
    }

    @Test func damageIsRepaired() throws {
      let workspace = try Workspace(copyOf: .reference)
      let artifact = workspace.folder.appending(path: "artifacts/test/fine_tuned.h5")
      var data = try Data(contentsOf: artifact)
      data[data.count / 2] ^= 4
      let stored = artifact.resolvingSymlinksInPath()
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: stored.path)
      try data.write(to: stored)
      try expectBuilt(["fine_tuned"], in: workspace)
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
    }
  }
}
