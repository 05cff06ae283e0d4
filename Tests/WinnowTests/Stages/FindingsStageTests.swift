import HDF5
import Testing

extension CommandTests {
  /// The kind `findings`.
  @Suite struct FindingsStageTests {
    private static let findings = """

      stage findings : findings
          verdict <- first_verdict
          splits  <- split
          shown   = 3
      """

    private func run(_ arguments: [String]) throws -> (output: String, root: Group) {
      let workspace = try VerdictManifest.workspace()
      try workspace.write(VerdictManifest.text + Self.findings, to: "verdict.pipeline")
      let outcome = try workspace.winnow(
        ["run", "verdict.pipeline", "--only", "findings"] + arguments)
      outcome.expect()
      let root = try workspace.artifact("findings", of: "verdict").root
      for line in try root.readStrings("text") { #expect(outcome.output.contains(line)) }
      return (outcome.output, root)
    }

    @Test func nothingNamed() throws {
      let (output, root) = try run([])
      #expect(try root.attribute("verdict", as: String.self) != "poisoned")
      #expect(try root.readStrings("text")[0].hasPrefix("VERDICT: "))
      #expect(try root.read("common", as: Int.self) == [0])
      #expect(
        output.contains(
          "'split' names 15 images poisoned, as many as it is told to; this verdict does not confirm them"))
    }

    @Test func someNamed() throws {
      let (output, root) = try run(VerdictStageTests.eager)
      #expect(try root.attribute("verdict", as: String.self) == "poisoned")
      #expect(output.contains("the surest of them, counted from 0: "))
      let common = try root.read("common", as: Int.self)
      #expect(common.count == 1 && output.contains("; \(common[0]) of them are among the "))
    }
  }
}
