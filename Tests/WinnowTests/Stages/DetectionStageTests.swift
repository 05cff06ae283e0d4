import HDF5
import Testing

extension CommandTests {
  /// The kind `detection`.
  @Suite struct DetectionStageTests {
    @Test func detection() throws {
      let root = try Workspace.reference.artifact("detection").root
      #expect(try root.attribute("has_truth", as: String.self) == "yes")
      #expect(try root.attribute("poisoned_total", as: Int.self) == 27)
      let metrics = try root.group("metrics")
      #expect(
        try metrics.names == [
          "auroc", "clean_precision", "clean_recall", "false_positive_rate", "poisoned_precision",
          "poisoned_recall",
        ])
      // 60 of the 300 images are named clean, 15 poisoned; 27 are.
      func count(_ name: String, of total: Double) throws -> Double {
        (try metrics.readScalar(name, as: Double.self)) * total
      }
      #expect(try abs(count("clean_precision", of: 60) - count("clean_recall", of: 273)) < 1e-9)
      #expect(try abs(count("poisoned_precision", of: 15) - count("poisoned_recall", of: 27)) < 1e-9)
      #expect(
        try abs(15 - count("poisoned_recall", of: 27) - count("false_positive_rate", of: 273)) < 1e-9)
      let precision = try metrics.dataset("poisoned_precision")
      #expect(try precision.attribute("title", as: String.self) == "precision of the poisoned set")
      #expect(try precision.attribute("unit", as: String.self) == "share from 0 to 1")
    }

    /// The area under the curve, counted pair by pair: the share of pairs of a poisoned and a clean image of
    /// which the poisoned one scores higher, ties counting half.
    @Test func areaUnderTheCurve() throws {
      let scores = try Workspace.reference.artifact("scores").root.read("scores", as: Double.self)
      let isPoisoned = try Workspace.reference.artifact("poisoned").root
        .read("truth/is_poisoned", as: UInt8.self)
      let poisoned = scores.indices.filter { isPoisoned[$0] == 1 }.map { scores[$0] }
      let clean = scores.indices.filter { isPoisoned[$0] == 0 }.map { scores[$0] }
      var wins = 0.0
      for score in poisoned {
        for other in clean { wins += score > other ? 1 : score == other ? 0.5 : 0 }
      }
      let area = try Workspace.reference.artifact("detection").root
        .readScalar("metrics/auroc", as: Double.self)
      #expect(abs(area - wins / Double(poisoned.count * clean.count)) < 1e-12)
    }

    /// Without a truth there is nothing to compare with, and no number is made up.
    @Test func withoutTruth() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        """
        include test.pipeline

        stage alone : detection
            scores <- scores
            split  <- split
            images <- train
        """, to: "alone.pipeline")
      let outcome = try workspace.winnow(["run", "alone.pipeline", "--only", "alone"])
      outcome.expect()
      #expect(outcome.output.contains("no ground truth in this training set, so nothing to compare with"))
      let root = try workspace.artifact("alone", of: "alone").root
      #expect(try root.attribute("has_truth", as: String.self) == "no")
      #expect(try !root.contains("metrics"))
    }
  }
}
