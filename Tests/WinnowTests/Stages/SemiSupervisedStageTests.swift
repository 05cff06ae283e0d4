import Glibc
import HDF5
import Testing

extension CommandTests {
  /// The kind `mixmatch`.
  @Suite struct SemiSupervisedStageTests {
    @Test func trainsFromTheModelOn() throws {
      let weights = try ComparisonWorkspace.weights("semi_supervised")
      #expect(try ComparisonWorkspace.history("semi_supervised", "labelled_loss").count == 2)
      #expect(
        try weights["conv1.weight"]
          != Workspace.reference.artifact("warmup").root.read("state_dict/conv1.weight", as: Float.self))
      // 60 named clean, in steps of 16, twice.
      let (before, after) = (
        try Workspace.reference.artifact("warmup").root, try ComparisonWorkspace.root("semi_supervised")
      )
      #expect(
        try after.readScalar("state_dict/bn1.num_batches_tracked", as: Int.self)
          - before.readScalar("state_dict/bn1.num_batches_tracked", as: Int.self) == 8)
    }

    /// The published epoch has a number of steps of its own; its samples come over and over, after a kill as well.
    @Test func epochsOfSomeSteps() throws {
      let (workspace, other) = (try ComparisonWorkspace.copy(), try ComparisonWorkspace.copy())
      try ComparisonWorkspace.run(workspace, "semi_supervised.steps=7").expect()
      let after = try ComparisonWorkspace.root("semi_supervised", workspace)
      let before = try Workspace.reference.artifact("warmup").root
      #expect(
        try after.readScalar("state_dict/bn1.num_batches_tracked", as: Int.self)
          - before.readScalar("state_dict/bn1.num_batches_tracked", as: Int.self) == 14)
      let command = try other.start(
        ["run", "\(ComparisonWorkspace.pipeline).pipeline", "--checkpoint", "0", "semi_supervised.steps=7"],
        stopsAtCheckpoints: true)
      try #require(command.goesOnToCheckpoint(6, of: "semi_supervised"), "\(command.messages)")
      command.send(SIGKILL)
      #expect(try command.outcome().signal == SIGKILL)
      try ComparisonWorkspace.run(other, "semi_supervised.steps=7").expect()
      let (whole, resumed) = (
        try workspace.artifacts(of: ComparisonWorkspace.pipeline), try other.artifacts(of: ComparisonWorkspace.pipeline)
      )
      expectEqual(whole, resumed)
    }
  }
}
