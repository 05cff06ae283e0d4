import Foundation
import Glibc
import Testing

extension CommandTests {
  /// What a new user gets wrong: the message says what and where, the status says which sort of thing,
  /// and nothing that was finished is lost.
  @Suite struct WrongInput {
    /// Runs in a workspace where all was built, and checks that all of it is still there.
    private func expectError(
      _ status: CInt, _ phrases: [String], in workspace: Workspace, _ arguments: [String],
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let outcome = try workspace.winnow(arguments)
      #expect(outcome.status == status, "\(outcome.messages)", sourceLocation: sourceLocation)
      for phrase in phrases {
        #expect(outcome.messages.contains(phrase), "\(outcome.messages)", sourceLocation: sourceLocation)
      }
      #expect(!outcome.messages.contains("Fatal error"), sourceLocation: sourceLocation)
      expectEqual(
        try workspace.artifacts(), try Workspace.reference.artifacts(), sourceLocation: sourceLocation)
      #expect(
        try workspace.storedPaths() == Workspace.reference.storedPaths(), sourceLocation: sourceLocation)
    }

    private static let run = ["run", "test.pipeline"]

    /// What the manifest or the command line says.
    @Test(arguments: [
      (65, ["data=nowhere"], ["cannot read 'nowhere'", "test.pipeline:4:13", "No such file"]),
      (65, ["poisoned.rate=3"], ["3 is out of range", "from 0 to 1"]),
      (65, ["poisoned.rate=0"], ["a 'rate' of 0 poisons nothing"]),
      (65, ["poisoned.rat=10%"], ["unknown parameter 'rat'", "did you mean 'rate'?"]),
      (65, ["warmup.epochs=many"], ["many", "'epochs'"]),
      (65, ["clan=20%"], ["unknown variable 'clan'", "'clean'"]),
      (65, ["split.clean=97%"], ["add up to more than the whole set"]),
      (64, ["--only", "splt"], ["there is no stage 'splt'", "did you mean 'split'?"]),
      (64, ["--force", "nonsense"], ["there is no stage 'nonsense'", "its stages are: train poisoned"]),
      (64, ["--checkpoint", "soon"], ["'soon' is invalid", "Usage: winnow run"]),
      (64, ["--checkpoint", "-1"], ["Usage: winnow run"]),
      (64, ["--unknown"], ["Unknown option '--unknown'"]),
      (64, ["-C", "nowhere"], ["cannot use the directory 'nowhere'"]),
    ] as [(CInt, [String], [String])])
    func wrongWords(status: CInt, arguments: [String], phrases: [String]) throws {
      try expectError(status, phrases, in: Workspace(copyOf: .reference), Self.run + arguments)
    }

    @Test(arguments: [
      (64, [], ["USAGE: winnow <subcommand>"]), (64, ["frobnicate"], ["'frobnicate'"]),
      (64, ["run"], ["<manifest>"]), (64, ["stages", "trian"], ["did you mean 'train'?"]),
      (66, ["run", "other.pipeline"], ["cannot read 'other.pipeline'"]),
      (66, ["show", "test.pipeline", "splt"], ["was never built", "split"]),
      (
        64, ["show", "test.pipeline", "split", "--text", "csv"],
        ["the artifact of 'split' has no text 'csv'", "it has none"]
      ),
    ] as [(CInt, [String], [String])])
    func wrongCommands(status: CInt, arguments: [String], phrases: [String]) throws {
      let outcome = try Workspace.reference.winnow(arguments)
      // Without a subcommand the help is what was asked for.
      #expect(outcome.status == (arguments.isEmpty ? 0 : status), "\(outcome.messages)")
      for phrase in phrases {
        #expect((outcome.output + outcome.messages).contains(phrase), "\(outcome.messages)")
      }
    }

    @Test func misspeltParameter() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.edit("rate   = 10%", "raet   = 10%")
      try workspace.edit("images   <- test", "imagse   <- test")
      // All errors at once.
      try expectError(
        65,
        [
          "test.pipeline:10:5: error: unknown parameter 'raet' for a stage of kind 'poison'",
          "   10 |     raet   = 10%\n      |     ^~~~", "did you mean 'rate'?",
          "unknown input 'imagse'", "did you mean 'images'?",
        ], in: workspace, Self.run)
    }

    // Damaged data is noticed by the stage that reads it; what was built before stays.

    @Test func truncatedBatch() throws {
      let workspace = try Workspace(copyOf: .reference)
      let batch = try #require(TestData.files["data_batch_3.bin"])
      try TestData.write(
        ["data_batch_3.bin": batch.prefix(10_000)], to: workspace.folder.appending(path: "data"))
      try expectError(
        65,
        [
          "stage 'train' failed", "data/data_batch_3.bin: byte 9219", "10000 bytes", "multiple of 3073",
          "fetch it again",
        ], in: workspace, Self.run)
    }

    @Test func labelOutOfRange() throws {
      let workspace = try Workspace(copyOf: .reference)
      var batch = try #require(TestData.files["test_batch.bin"])
      batch[TestData.recordSize * 5] = 10
      try TestData.write(["test_batch.bin": batch], to: workspace.folder.appending(path: "data"))
      // The training set is as it was.
      try expectError(
        65,
        [
          "stage 'test' failed", "data/test_batch.bin: byte 15365",
          "the label is 10, but there are 10 classes",
        ], in: workspace, Self.run + ["--only", "test"])
    }

    @Test func missingBatch() throws {
      let workspace = try Workspace(copyOf: .reference)
      try FileManager.default.removeItem(at: workspace.folder.appending(path: "data/data_batch_4.bin"))
      try expectError(
        65, ["stage 'train' failed", "data_batch_4.bin of CIFAR-10 is missing", "data_batch_5.bin"],
        in: workspace, Self.run)
    }

    @Test func somethingElseInTheFolder() throws {
      let workspace = try Workspace(copyOf: .reference)
      let folder = workspace.folder.appending(path: "archive")
      try TestData.write(["cifar-10-binary.tar.gz": Data([1, 2, 3])], to: folder)
      try expectError(
        65, ["stage 'train' failed", "unpack cifar-10-binary.tar.gz first"], in: workspace,
        Self.run + ["data=archive"])
    }

    /// A learning rate that no training survives: the stage and the place are named, the stages before
    /// it are kept.
    @Test func divergence() throws {
      let workspace = try Workspace(copyOf: .reference)
      let outcome = try workspace.run("warmup.learning-rate=1000", "warmup.weight-decay=1")
      outcome.expect(status: 65, messages: "stage 'warmup' failed", "diverged", "epoch 1")
      #expect(outcome.built.isEmpty)
      try workspace.run().expect(messages: "nothing to do")
    }

    /// What does not need the failed stage runs with --keep-going, and is kept without it.
    @Test func keepGoing() throws {
      let workspace = try Workspace()
      let outcome = try workspace.run(
        "--keep-going", "warmup.learning-rate=1000", "warmup.weight-decay=1", "backdoored.epochs=1")
      #expect(outcome.status == 65)
      #expect(outcome.built == ["train", "poisoned", "test", "triggered", "backdoored", "before"])
      #expect(outcome.messages.contains("stage 'warmup' failed"))
      let next = try workspace.run("--only", "before", "backdoored.epochs=1")
      next.expect(messages: "nothing to do")
    }

    @Test func twoRunsAtTheSameTime() throws {
      let workspace = try Workspace(copyOf: .reference)
      let first = try workspace.start(
        ["run", "test.pipeline", "--force", "backdoored"], stopsAtCheckpoints: true)
      try #require(first.goesOnToCheckpoint(1, of: "backdoored"))
      let second = try workspace.run("clean=30%")
      second.expect(
        status: 75, messages: "process \(first.processID) has been writing to this store",
        "running 'test.pipeline'", "--wait")
      // Looking is allowed.
      try workspace.winnow(["status", "test.pipeline"]).expect()
      let cleaning = try workspace.winnow(["clean", "test.pipeline"])
      #expect(cleaning.status == 75)

      let third = try workspace.start(["run", "test.pipeline", "--wait"])
      try #require(third.wait { third.messages.contains("waiting for process \(first.processID)") })
      let outcome = try first.outcome()
      outcome.expect()
      #expect(outcome.built == ["backdoored"])
      try third.outcome().expect(messages: "nothing to do")
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
    }
  }
}
