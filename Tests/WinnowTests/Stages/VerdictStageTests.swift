import HDF5
import Testing

extension CommandTests {
  /// The kind `verdict`, and what the defences make of one.
  @Suite struct VerdictStageTests {
    /// Thresholds with which anything is poison.
    static let eager = [
      "first_verdict.threshold=1%", "first_verdict.naming=1%", "first_verdict.certain=1%",
      "first_verdict.loose=1%", "first_verdict.poisoned-below=100%", "first_verdict.easy-from=100%",
      "first_verdict.poisoned-of-usual=100%",
      "first_verdict.fewest=1", "first_verdict.fewest-share=0",
    ]

    private func run(_ workspace: Workspace, _ arguments: [String]) throws -> Outcome {
      try workspace.winnow(["run", "verdict.pipeline"] + arguments)
    }

    /// Fewer than 500 images: nothing is said, and nothing is done.
    @Test func tooFewImages() throws {
      let workspace = try VerdictManifest.workspace()
      let few = ["first_verdict.fewest-images=500", "verdict.fewest-images=500"]
      let outcome = try run(workspace, few)
      outcome.expect()
      #expect(
        outcome.output.contains(
          "VERDICT: inconclusive: there are 300 images; with fewer than 500 a network learns too little to "
            + "tell"))
      let root = try workspace.artifact("verdict", of: "verdict").root
      #expect(try root.attribute("verdict", as: String.self) == "inconclusive")
      #expect(try root.read("flags", as: UInt8.self) == [UInt8](repeating: 1, count: 300))
      #expect(try root.read("suspects", as: Int.self).isEmpty)
      // The model is passed on, to the last bit of its weights.
      #expect(outcome.output.contains("the model is passed on as it is"))
      let (spared, model) = (
        try workspace.artifact("spared", of: "verdict").root.group("state_dict"),
        try workspace.artifact("backdoored").root.group("state_dict")
      )
      #expect(try spared.names == model.names)
      for name in try model.names where !name.hasSuffix("num_batches_tracked") {
        #expect(try spared.read(name, as: Float.self) == model.read(name, as: Float.self))
      }
      try run(workspace, few + ["spared.without-poison=refuse"]).expect(
        status: 65, messages: "the verdict is 'inconclusive'", "'without-poison = pass' goes on without")
    }

    /// What the first verdict finds stands: nothing more is trained, and split, repair and evaluation take it.
    @Test func poisonThatWasFoundAtOnce() throws {
      let workspace = try VerdictManifest.workspace()
      let outcome = try run(workspace, Self.eager)
      outcome.expect()
      #expect(outcome.output.contains("VERDICT: poisoned. "))
      func root(_ stage: String) throws -> Group { try workspace.artifact(stage, of: "verdict").root }
      let (first, last) = (try root("first_verdict"), try root("verdict"))
      let flags = try first.read("flags", as: UInt8.self)
      let suspects = try first.read("suspects", as: Int.self)
      #expect(!suspects.isEmpty && suspects.sorted() == flags.indices.filter { flags[$0] == 2 })
      #expect(try last.read("flags", as: UInt8.self) == flags)
      #expect(try last.read("suspects", as: Int.self) == suspects)
      let confidences = try last.read("confidence", as: Double.self)
      #expect(zip(suspects, suspects.dropFirst()).allSatisfy { confidences[$0] >= confidences[$1] })
      #expect(try last.attribute("poisoned_count", as: Int.self) == suspects.count)
      let share = Double(suspects.count) / 300
      #expect(try last.attribute("poisoned_share", as: Double.self) == share)
      #expect(try last.attribute("share_low", as: Double.self) <= share)
      #expect(try last.attribute("share_high", as: Double.self) >= share)
      let evidence = try last.group("evidence")
      let named = try evidence.read("named", as: Int.self)
      #expect(named.reduce(0, +) == suspects.count)
      #expect(try evidence.readStrings("state").contains("poisoned"))
      for stage in ["ranked_check", "second_round", "second_check"] {
        #expect(try root(stage).attribute("trained", as: String.self) == "no")
      }
      let metrics = try root("judged").group("metrics")
      #expect(try metrics.readScalar("called_poisoned", as: Double.self) == 1)
      #expect(try metrics.readScalar("named_count", as: Double.self) == Double(suspects.count))
      #expect(try root("spared").names.contains("history"))
    }

    /// A second look that is needed.
    @Test func nothingFoundAtFirst() throws {
      let workspace = try VerdictManifest.workspace()
      func root(_ stage: String) throws -> Group { try workspace.artifact(stage, of: "verdict").root }
      #expect(try root("first_verdict").attribute("verdict", as: String.self) != "poisoned")
      for stage in ["ranked_check", "second_round", "second_check"] {
        #expect(try root(stage).attribute("trained", as: String.self) == "yes")
      }
    }

    @Test func thresholdsThatContradict() throws {
      let workspace = try VerdictManifest.workspace()
      try run(workspace, ["verdict.poisoned-below=80%"]).expect(
        status: 65, messages: "a group cannot be both poison and easy")
    }
  }
}
