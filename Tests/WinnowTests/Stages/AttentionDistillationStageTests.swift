import HDF5
import Testing

extension CommandTests {
  /// The kind `nad`.
  @Suite struct AttentionDistillationStageTests {
    @Test func learnsAndIsMeasured() throws {
      #expect(try ComparisonWorkspace.weights("distilled") != ComparisonWorkspace.weights("tuned"))
      let losses = try ComparisonWorkspace.history("distilled", "distillation_attention_loss")
      #expect(losses.count == 2 && losses.allSatisfy { $0 > 0 })
    }

    /// A teacher that is the model itself has other attention in training mode alone; without any weight, it
    /// does not matter who it is.
    @Test func withoutWeightTheTeacherDoesNotMatter() throws {
      let workspace = try ComparisonWorkspace.copy()
      func weights(_ teacher: String) throws -> [String: [Float]] {
        try workspace.write(
          ComparisonWorkspace.manifest.replacing("teacher <- tuned", with: "teacher <- \(teacher)"),
          to: "comparisons.pipeline")
        try ComparisonWorkspace.run(workspace, "--only", "distilled", "distilled.beta-layer4=0").expect()
        return try ComparisonWorkspace.weights("distilled", workspace)
      }
      let (first, second) = (try weights("tuned"), try weights("backdoored"))
      #expect(first == second)
      #expect(try first != ComparisonWorkspace.weights("distilled"))
    }

    @Test func teacherOfAnotherWidth() throws {
      let workspace = try ComparisonWorkspace.copy()
      try workspace.write(
        ComparisonWorkspace.manifest.replacing("teacher <- tuned", with: "teacher <- warmup"),
        to: "comparisons.pipeline")
      try ComparisonWorkspace.run(workspace, "--only", "distilled").expect(
        status: 65, messages: "the model at 'teacher' is of another architecture, width or stem")
    }

    /// Networks without stages by these names.
    @Test func architectureWithoutTaps() throws {
      let workspace = try ComparisonWorkspace.copy()
      try workspace.write(
        """
        include comparisons.pipeline

        stage other : train
            images       <- poisoned
            architecture = vgg19-bn
            width        = 2
            epochs       = 1

        stage attentive : nad
            images  <- vouched
            model   <- other
            teacher <- other
        """, to: "vgg.pipeline")
      try workspace.winnow(["run", "vgg.pipeline", "--only", "attentive"]).expect(
        status: 65, messages: "a network of architecture 'vgg19-bn' has no part 'layer4'")
    }
  }
}
