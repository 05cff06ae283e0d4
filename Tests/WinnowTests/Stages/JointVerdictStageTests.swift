import HDF5
import Testing

extension CommandTests {
  /// The kind `joint-verdict`.
  @Suite struct JointVerdictStageTests {
    private static let joint = """

      stage joint : joint-verdict
          verdicts <- first_verdict verdict

      stage joined : detection
          scores <- round_2
          split  <- joint
          images <- poisoned
      """

    /// What one of them finds is enough, unless more are asked for.
    @Test func whatOneOfThemFinds() throws {
      let workspace = try VerdictManifest.workspace()
      // The last verdict on its own finds nothing.
      let lines = VerdictManifest.text.split(separator: "\n", omittingEmptySubsequences: false)
      let alone = lines.filter { !$0.contains("earlier") }.joined(separator: "\n")
      try workspace.write(alone + Self.joint, to: "verdict.pipeline")
      let eager = VerdictStageTests.eager + ["verdict.fewest=1000", "--only", "joined"]
      let outcome = try workspace.winnow(["run", "verdict.pipeline"] + eager)
      outcome.expect()
      func root(_ stage: String) throws -> Group { try workspace.artifact(stage, of: "verdict").root }
      #expect(try root("joint").attribute("verdict", as: String.self) == "poisoned")
      #expect(
        try root("joint").read("suspects", as: Int.self)
          == root("first_verdict").read("suspects", as: Int.self))
      let metrics = try root("joined").group("metrics")
      #expect(try metrics.readScalar("called_poisoned", as: Double.self) == 1)
      let both = try workspace.winnow(["run", "verdict.pipeline", "joint.votes=2"] + eager)
      both.expect()
      #expect(try root("joint").attribute("verdict", as: String.self) != "poisoned")
      #expect(both.output.contains("1 of the joined verdicts says poisoned, and 2 are asked for"))
    }
  }
}
