import HDF5
import Testing

extension CommandTests {
  /// The kind `abl-loss`, and `loss = abl` of `train`.
  @Suite struct LowLossStageTests {
    /// Cross-entropies with their sign turned: what is learned best comes last.
    @Test func scoresAreLossesTimesMinusOne() throws {
      let root = try ComparisonWorkspace.root("low_loss")
      let scores = try root.read("scores", as: Double.self)
      #expect(scores.count == 300 && scores.allSatisfy { $0 < 0 })
      #expect(try root.attribute("score", as: String.self) == "abl-loss")
      #expect(try root.dataset("scores").attribute("unit", as: String.self) == "cross-entropy times -1")
    }

    /// Below the threshold training climbs, so it is another model than without; above it, the same.
    @Test func trainingClimbsBelowTheThreshold() throws {
      let workspace = try ComparisonWorkspace.copy()
      func weights(_ settings: String...) throws -> [String: [Float]] {
        let outcome = try workspace.winnow(
          ["run", "comparisons.pipeline", "--only", "isolating"] + settings.map { "isolating.\($0)" })
        outcome.expect()
        return try ComparisonWorkspace.weights("isolating", workspace)
      }
      let plain = try weights("loss=cross-entropy")
      #expect(try weights("loss=abl", "threshold=0") == plain)
      #expect(try weights("loss=abl", "threshold=1000") != plain)
    }
  }
}
