import HDF5
import Testing

extension CommandTests {
  /// The kind `fine-tune`.
  @Suite struct FineTuneStageTests {
    @Test func goesOnFromTheModel() throws {
      let (before, after) = (
        try Workspace.reference.artifact("backdoored").root, try ComparisonWorkspace.root("tuned")
      )
      // 30 images in steps of 8, three times.
      #expect(
        try after.readScalar("state_dict/bn1.num_batches_tracked", as: Int.self)
          - before.readScalar("state_dict/bn1.num_batches_tracked", as: Int.self) == 12)
      #expect(
        try after.read("state_dict/conv1.weight", as: Float.self)
          != before.read("state_dict/conv1.weight", as: Float.self))
      #expect(
        try after.attribute("epochs_trained", as: Int.self)
          == before.attribute("epochs_trained", as: Int.self), "a repair is not part of the training")
      #expect(try ComparisonWorkspace.history("tuned", "fine_tune_loss").count == 3)
    }

    @Test func nesterovIsAnotherDescent() throws {
      let workspace = try ComparisonWorkspace.copy()
      try ComparisonWorkspace.run(workspace, "--only", "tuned", "tuned.nesterov=yes").expect()
      #expect(try ComparisonWorkspace.weights("tuned", workspace) != ComparisonWorkspace.weights("tuned"))
    }
  }
}
