import HDF5
import Testing

extension CommandTests {
  /// The kind `fine-pruning`.
  @Suite struct FinePruningStageTests {
    @Test func prunedFeaturesAreCutOff() throws {
      let root = try ComparisonWorkspace.root("pruned")
      let pruned = try root.read("pruned_features", as: Int.self)
      let weight = try root.read("state_dict/fc.weight", as: Float.self)
      #expect(weight.count == 480)
      #expect(Set(pruned).count == pruned.count)
      for (index, value) in weight.enumerated() where pruned.contains(index % 48) { #expect(value == 0) }
      #expect(weight.contains { $0 != 0 })
    }

    /// All but one may go where accuracy does not count; none that costs any where it must not fall.
    @Test func toleranceDecidesHowMany() throws {
      let workspace = try ComparisonWorkspace.copy()
      func count(_ tolerance: String) throws -> Int {
        let outcome = try ComparisonWorkspace.run(workspace, "--only", "pruned", "pruned.tolerance=\(tolerance)")
        outcome.expect()
        let pruned = try ComparisonWorkspace.root("pruned", workspace).read("pruned_features", as: Int.self)
        #expect(outcome.output.contains("\(pruned.count) of 48 features pruned"))
        return pruned.count
      }
      let counts = try ["0%", "100%"].map(count)
      #expect(counts[0] < counts[1])
      #expect(counts[1] == 47)
    }
  }
}
