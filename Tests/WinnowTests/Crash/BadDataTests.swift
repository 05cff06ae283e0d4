import Foundation
import Glibc
import Testing

extension CommandTests {
  /// Data, manifests and machines that are not what a run needs: one message says what, where and what
  /// to do, and finished stages are kept.
  @Suite struct BadData {
    private func workspace() throws -> Workspace { try Workspace(manifest: CrashReference.manifest) }

    private func replaceData(_ workspace: Workspace, _ change: (inout Data) -> Void) throws {
      for name in TestData.files.keys {
        var data = try #require(TestData.files[name])
        change(&data)
        try data.write(to: workspace.folder.appending(path: "data/\(name)"))
      }
    }

    @Test func noImages() throws {
      let workspace = try workspace()
      try replaceData(workspace) { $0 = Data() }
      try workspace.run().expect(status: 65, messages: "stage 'train' failed", "data/data_batch_1.bin")
    }

    /// Nothing can be told apart, but nothing goes wrong: the labels are as good as others.
    @Test func oneClassOnly() throws {
      let workspace = try workspace()
      try replaceData(workspace) { data in
        for record in 0..<data.count / TestData.recordSize { data[record * TestData.recordSize] = 3 }
      }
      let outcome = try workspace.run("train.count=none", "test.count=none")
      #expect(outcome.output.contains("warning: no image of: 0, 1, 2, 4, 5, 6, 7, 8, 9"))
      #expect([0, 65].contains(outcome.status), "\(outcome.messages)")
      if outcome.status == 65 { #expect(outcome.messages.contains("error: stage '")) }
    }

    /// A network beyond all memory is refused, not tried.
    @Test func aNetworkTooLargeForTheMachine() throws {
      let workspace = try Workspace(copyOf: CrashReference.shared.workspace)
      let outcome = try workspace.run("backdoored.width=1024", "backdoored.batch=65536", "train.count=none")
      outcome.expect(
        status: 65, messages: "stage 'backdoored' failed: a network of width 1024 with batches of",
        "images of 16×16 needs at least", "lower 'width' or 'batch'")
    }

    /// A run goes by the manifest as it was when it began, and says when that is not any more.
    @Test func theManifestIsEditedDuringTheRun() throws {
      let workspace = try Workspace()
      let command = try workspace.start(["run", "test.pipeline"], stopsAtCheckpoints: true)
      try #require(command.goesOnToCheckpoint(1, of: "warmup"))
      try workspace.edit("let rounds = 3", "let rounds = 2")
      let outcome = try command.outcome()
      outcome.expect(
        messages: "warning: 'test.pipeline' was edited during the run",
        "run again to use the new one")
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
      let status = try workspace.winnow(["status", "test.pipeline"])
      #expect(status.output.contains("stale  repaired    rounds: 3 → 2"))
      #expect(try workspace.run().built == ["repaired", "after", "summary"])
    }

    /// What a later stage reads is gone when its turn comes.
    @Test func anInputVanishesDuringTheRun() throws {
      let workspace = try workspace()
      try workspace.edit("stage after : evaluate", """
        stage late : load
            path  = other
            split = test
            count = 20
            size  = 16x16

        stage after : evaluate
        """)
      let model = "model     <- repaired\n    images    <- "
      try workspace.edit(model + "test", model + "late")
      let other = workspace.folder.appending(path: "other")
      // Another file makes it another input.
      let files = TestData.files.merging(["readme": Data("hello".utf8)], uniquingKeysWith: { $1 })
      try TestData.write(files, to: other)
      let command = try workspace.start(["run", "test.pipeline"], threads: 1, stopsAtCheckpoints: true)
      try #require(command.goesOnToCheckpoint(1, of: "warmup"))
      try FileManager.default.removeItem(at: other)
      let outcome = try command.outcome()
      outcome.expect(status: 66, messages: "stage 'late' failed: other: there is no such folder")
      #expect(outcome.built.contains("repaired"))
      try TestData.write(files, to: other)
      let next = try workspace.run()
      next.expect()
      #expect(next.built == ["late", "after", "summary"])
    }

    /// Failures are told when they happen, and again at the end. With that decay of weights, each step multiplies them.
    @Test func failuresAreRepeatedAtTheEnd() throws {
      let workspace = try Workspace(copyOf: CrashReference.shared.workspace)
      let outcome = try workspace.run(
        "--keep-going", "warmup.learning-rate=1000", "warmup.weight-decay=1", "backdoored.learning-rate=1000",
        "backdoored.weight-decay=1")
      outcome.expect(status: 65, messages: "error: 2 stages failed:")
      #expect(outcome.built.isEmpty)
      for stage in ["warmup", "backdoored"] {
        let count = outcome.messages.components(separatedBy: "stage '\(stage)' failed: ").count - 1
        #expect(count == 2, "\(outcome.messages)")
      }
      #expect(
        outcome.messages.contains(
          "skipped, because they need a failed stage: fine_tuned scores split detection repaired extractor "
            + "secured fit confused checked judged before after summary"),
        "\(outcome.messages)")
    }

    /// A checkpoint of other parameters is not used, and that is said.
    @Test func aCheckpointOfOtherParameters() throws {
      let workspace = try workspace()
      let command = try workspace.start(CrashReference.arguments, stopsAtCheckpoints: true)
      try #require(command.goesOnToCheckpoint(1, of: "fine_tuned"))
      command.send(SIGKILL)
      _ = try command.outcome()
      let outcome = try workspace.run("--only", "fine_tuned", "fine_tuned.seed=7")
      outcome.expect(messages: "fine_tuned: the checkpoint at epoch", "belongs to other parameters or inputs")
      let next = try workspace.winnow(CrashReference.arguments)
      next.expect(messages: "resumes from epoch")
      expectEqual(try workspace.artifacts(), try CrashReference.shared.artifacts)
    }

    /// Neither is one that was written by another build, whatever its version: that is said too.
    @Test func aCheckpointOfAnotherBuild() throws {
      let workspace = try workspace()
      let calls = try Kills.trace()
      let saves = calls.indices.filter {
        calls[$0].hasPrefix("rename artifacts/checkpoints/") && calls[$0].hasSuffix(".record")
      }
      // In the first stage that trains. Calls are counted from 1, and the one after is not made.
      let outcome = try workspace.start(
        ["test.pipeline", "kill", "\(saves[2] + 2)"], program: "FaultyWinnow", threads: 1
      ).outcome()
      #expect(outcome.signal == SIGKILL)
      #expect(workspace.checkpointRecord() != nil)
      let status = try workspace.winnow(["status", "test.pipeline"]).output
      #expect(status.contains("stale  warmup"))
      #expect(!status.contains("interrupted at"))
      let next = try workspace.winnow(CrashReference.arguments)
      next.expect(
        messages: "warmup: the checkpoint was written by version ", " of another build (",
        "), so the stage starts from the beginning")
      #expect(!next.messages.contains("resumes from"))
      expectEqual(try workspace.artifacts(), try CrashReference.shared.artifacts)
      #expect(try workspace.storedPaths() == CrashReference.shared.storedPaths)
    }
  }
}
