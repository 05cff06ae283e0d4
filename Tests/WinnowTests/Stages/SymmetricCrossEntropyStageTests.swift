import Foundation
import HDF5
import Testing

extension CommandTests {
  /// The kind `sce`.
  @Suite struct SymmetricCrossEntropyStageTests {
    @Test func scoresAreMadeOfTwoTerms() throws {
      let workspace = try ComparisonWorkspace.copy()
      func scores(_ weights: String...) throws -> [Double] {
        try workspace.winnow(
          ["run", "comparisons.pipeline", "--only", "symmetric"] + weights.map { "symmetric.\($0)" }
        ).expect()
        return try ComparisonWorkspace.root("symmetric", workspace).read("scores")
      }
      let plain = try scores("weight=1", "reverse-weight=0")
      let reverse = try scores("weight=0", "reverse-weight=1")
      let both: [Double] = try ComparisonWorkspace.root("symmetric").read("scores")
      #expect(both.count == 300)
      for index in both.indices {
        #expect(abs(both[index] - 0.1 * plain[index] - reverse[index]) < 1e-9)
        // The probability of the label, by both terms.
        #expect(abs(reverse[index] + log(1e-4) * (1 - exp(-plain[index]))) < 1e-4)
      }
    }
  }
}
