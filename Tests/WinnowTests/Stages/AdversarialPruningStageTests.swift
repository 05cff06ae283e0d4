import HDF5
import Testing

extension CommandTests {
  /// The kind `anp`.
  @Suite struct AdversarialPruningStageTests {
    private func masks(_ root: HDF5.Group) throws -> [String: [Float]] {
      let group = try root.group("masks")
      return Dictionary(uniqueKeysWithValues: try group.names.map { ($0, try group.read($0)) })
    }

    /// With a fixed threshold, what the masks say is what becomes of the scales; nothing else changes.
    @Test func masksPruneScales() throws {
      let root = try ComparisonWorkspace.root("masked")
      let masks = try masks(root)
      #expect(masks.count == 20 && masks["bn1"]?.count == 6)
      #expect(masks.values.allSatisfy { $0.allSatisfy { (0...1).contains($0) } })
      #expect(masks.values.contains { $0.contains { $0 < 1 } })
      let before = try Workspace.reference.artifact("backdoored").root.group("state_dict")
      let after = try ComparisonWorkspace.weights("masked")
      var pruned = 0
      for (name, values) in after {
        var expected: [Float] = try before.read(name)
        if let mask = masks[String(name.dropLast(".weight".count))], name.hasSuffix(".weight") {
          for c in expected.indices where Double(mask[c]) <= 0.9 {
            expected[c] = 0
            pruned += 1
          }
        }
        #expect(values == expected, "\(name)")
      }
      #expect(try root.attribute("pruned_count", as: Int.self) == pruned)
      #expect(try root.attribute("looked_at_test_set", as: Int.self) == 0)
      #expect(try root.attribute("threshold", as: Double.self) == 0.9)
    }

    /// The usual rule tries all thresholds on the clean images, and takes the largest that is good enough.
    @Test func cleanAccuracyChooses() throws {
      let workspace = try ComparisonWorkspace.copy()
      try ComparisonWorkspace.run(
        workspace, "--only", "masked", "masked.rule=clean-accuracy", "masked.tolerance=50%"
      ).expect()
      let root = try ComparisonWorkspace.root("masked", workspace)
      let thresholds = try root.read("thresholds", as: Double.self)
      let accuracies = try root.read("accuracies", as: Double.self)
      #expect(thresholds.count == 19)
      let chosen = try root.attribute("threshold", as: Double.self)
      let place = try #require(thresholds.firstIndex(of: chosen))
      // Above it, every threshold is worse than it.
      #expect(accuracies[(place + 1)...].allSatisfy { $0 < accuracies[place] })
    }

    /// The published rule needs the test set, says so, and leaves a mark.
    @Test func thePublishedRuleLooksAtTheTestSet() throws {
      let workspace = try ComparisonWorkspace.copy()
      let missing = try ComparisonWorkspace.run(workspace, "--only", "masked", "masked.rule=test-asr")
      missing.expect(status: 65, messages: "connect 'test' and 'triggered'")
      try workspace.write(
        """
        include comparisons.pipeline

        stage oracle : anp
            images    <- vouched
            model     <- backdoored
            test      <- test
            triggered <- triggered
            epochs    = 3
            batch     = 8
            rule      = test-asr
        """, to: "oracle.pipeline")
      let outcome = try workspace.winnow(["run", "oracle.pipeline", "--only", "oracle"])
      outcome.expect()
      #expect(outcome.output.contains("warning: the threshold was chosen by the attack's success on the test set"))
      let root = try workspace.artifact("oracle", of: "oracle").root
      #expect(try root.attribute("looked_at_test_set", as: Int.self) == 1)
      #expect(try masks(root) == masks(ComparisonWorkspace.root("masked")), "it decides the threshold alone")
    }
  }
}
