import HDF5
import Testing

extension CommandTests {
  /// The kind `spectral-signatures`.
  @Suite struct SpectralSignaturesStageTests {
    /// The kind in the place of `fct`, so that all that follows works with its scores.
    private func workspace() throws -> Workspace {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.edit("stage scores : fct", "stage scores : spectral-signatures")
      return workspace
    }

    @Test func splitAndRepairTakeItsScores() throws {
      let workspace = try workspace()
      let outcome = try workspace.run()
      outcome.expect()
      #expect(Set(outcome.built).isSuperset(of: ["scores", "split", "detection", "repaired"]))
      let root = try workspace.artifact("scores").root
      #expect(try root.attribute("score", as: String.self) == "spectral-signatures")
      #expect(try root.attribute("feature_length", as: Int.self) == 32)
      let scores = try root.read("scores", as: Double.self)
      #expect(scores.count == 300)
      // Within a class the scores are squares of numbers with a mean of zero, of which some are not.
      #expect(scores.allSatisfy { $0 >= 0 })
      let labels = try workspace.artifact("poisoned").root.read("labels", as: Int.self)
      for label in 0..<10 {
        let ofClass = scores.indices.filter { labels[$0] == label }.map { scores[$0] }
        #expect(Set(ofClass).count > 5)
      }
    }

    @Test func threadsDoNotMatter() throws {
      let (one, four) = (try workspace(), try workspace())
      try one.run("--only", "scores", threads: 1).expect()
      try four.run("--only", "scores", threads: 4).expect()
      #expect(try one.artifacts()["scores"] == four.artifacts()["scores"])
    }

    @Test func poolingByVariance() throws {
      let workspace = try workspace()
      try workspace.run("--only", "scores", "scores.pooling=variance").expect()
      let scores = try workspace.artifact("scores").root.read("scores", as: Double.self)
      let labels = try workspace.artifact("poisoned").root.read("labels", as: Int.self)
      for label in 0..<10 {
        let ofClass = scores.indices.filter { labels[$0] == label }.map { scores[$0] }
        let mean: Double = ofClass.reduce(0, +) / Double(ofClass.count)
        #expect(abs(mean - 1) < 1e-9)
      }
    }
  }
}
