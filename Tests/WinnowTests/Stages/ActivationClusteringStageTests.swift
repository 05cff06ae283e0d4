import HDF5
import Testing

extension CommandTests {
  /// The kind `activation-clustering`.
  @Suite struct ActivationClusteringStageTests {
    /// By size, an image's score is the share of its class in the other cluster: two values in each class,
    /// which add up to 1.
    @Test func scoresBySize() throws {
      let workspace = try ComparisonWorkspace.copy()
      try ComparisonWorkspace.run(workspace, "--only", "clusters", "clusters.score=size").expect()
      let scores: [Double] = try ComparisonWorkspace.root("clusters", workspace).read("scores")
      let labels = try workspace.artifact("poisoned").root.read("labels", as: Int.self)
      for label in 0..<10 {
        let ofClass = scores.indices.filter { labels[$0] == label }.map { scores[$0] }
        let values = Set(ofClass).sorted()
        if values.count == 2 {
          #expect(abs(values[0] + values[1] - 1) < 1e-12)
          #expect(abs(Double(ofClass.count { $0 == values[1] }) / Double(ofClass.count) - values[0]) < 1e-12)
        } else {
          #expect(values == [0.5] || values == [0])
        }
      }
    }

    @Test func splitTakesItsScores() throws {
      let workspace = try ComparisonWorkspace.copy()
      try workspace.write(
        """
        include comparisons.pipeline

        stage divided : split
            scores <- clusters
            images <- poisoned
        """, to: "divided.pipeline")
      try workspace.winnow(["run", "divided.pipeline", "--only", "divided"]).expect()
      #expect(try workspace.artifact("divided", of: "divided").root.attribute("poisoned_count", as: Int.self) == 15)
    }
  }
}
