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
  }
}
