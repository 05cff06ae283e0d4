import HDF5
import Testing

extension CommandTests {
  /// The kind `clean-sample`.
  @Suite struct CleanSampleStageTests {
    @Test func drawsFromEveryClass() throws {
      let (sample, all) = (
        try ComparisonWorkspace.root("vouched"), try Workspace.reference.artifact("train").root
      )
      let indices = try sample.read("indices", as: Int.self)
      #expect(indices.count == 30 && Set(indices).count == 30)
      let labels = try all.read("labels", as: Int.self)
      #expect(try sample.read("labels", as: Int.self) == indices.map { labels[$0] })
      #expect((0..<10).allSatisfy { label in indices.count { labels[$0] == label } == 3 })
      let (pixels, drawn) = (
        try all.read("images", as: UInt8.self), try sample.read("images", as: UInt8.self)
      )
      for (place, index) in indices.enumerated() {
        #expect(drawn[(place * 3072)..<((place + 1) * 3072)] == pixels[(index * 3072)..<((index + 1) * 3072)])
      }
    }

    @Test func theSeedChooses() throws {
      let workspace = try ComparisonWorkspace.copy()
      try ComparisonWorkspace.run(workspace, "--only", "vouched", "vouched.seed=2").expect()
      #expect(
        try ComparisonWorkspace.root("vouched", workspace).read("indices", as: Int.self)
          != ComparisonWorkspace.root("vouched").read("indices", as: Int.self))
    }

    /// With so few images that a class goes without, a warning names it.
    @Test func classesThatAreMissing() throws {
      let workspace = try ComparisonWorkspace.copy()
      let outcome = try ComparisonWorkspace.run(workspace, "--only", "vouched", "vouched.share=3%")
      outcome.expect()
      #expect(outcome.output.contains(" among them: a repair from them would forget such a class"))
    }

    /// A poisoned set is not taken for a clean one.
    @Test func poisonedImagesCannotBeConnected() throws {
      let workspace = try ComparisonWorkspace.copy()
      try workspace.write(
        """
        include test.pipeline

        stage vouched : clean-sample
            images <- poisoned
        """, to: "wrong.pipeline")
      let outcome = try workspace.winnow(["check", "wrong.pipeline"])
      outcome.expect(status: 65, messages: "poisoned images")
    }
  }
}
