import HDF5
import Testing

extension CommandTests {
  /// The kind `power`.
  @Suite struct PowerStageTests {
    /// The verdict on the copy goes by what a network knows of the set: what counts here is who is named.
    private static let stages = """

      stage copy : controls
          images   <- train
          patch    = 2%
          blend    = 2%
          noise    = 2%
          sinusoid = 2%
          seed     = 2

      stage copy_verdict : verdict
          images        <- copy
          scores        <- round_2
          check         <- check
          fewest-images = 100

      stage powerful : power
          verdicts <- first_verdict copy_verdict
          copies   <- copy
      """

    private func run(_ arguments: [String], _ stages: String = stages) throws -> (Workspace, Outcome) {
      let workspace = try VerdictManifest.workspace()
      try workspace.write(VerdictManifest.text + stages, to: "verdict.pipeline")
      return (
        workspace, try workspace.winnow(["run", "verdict.pipeline", "--only", "powerful"] + arguments)
      )
    }

    @Test func countsWhatIsNamed() throws {
      let eager = VerdictStageTests.eager.map { $0.replacing("first_verdict", with: "copy_verdict") }
      let (workspace, outcome) = try run(eager)
      outcome.expect()
      func root(_ stage: String) throws -> Group { try workspace.artifact(stage, of: "verdict").root }
      let (powerful, own, other) = (try root("powerful"), try root("first_verdict"), try root("copy_verdict"))
      // The verdict is that on the set.
      #expect(
        try powerful.attribute("verdict", as: String.self) == own.attribute("verdict", as: String.self))
      #expect(try powerful.read("flags", as: UInt8.self) == own.read("flags", as: UInt8.self))
      let flags = try other.read("flags", as: UInt8.self)
      #expect(flags.contains(2))
      let power = try powerful.group("power")
      #expect(try power.readStrings("kind") == ["patch", "blend", "noise", "sinusoid"])
      let evidence = try other.group("evidence")
      let states = try evidence.readStrings("state")
      let poisoned = try zip(evidence.read("class", as: Int.self), states).filter { $1 == "poisoned" }.map(\.0)
      var others = flags.count { $0 == 2 }
      for row in 0..<4 {
        let control = try root("copy").group("controls/\(row + 1)")
        func named(_ name: String) throws -> Int {
          try control.read(name, as: Int.self).count { flags[$0] == 2 }
        }
        let target: Int = try control.attribute("target_class")
        #expect(try power.read("target_class", as: Int.self)[row] == target)
        #expect(try power.read("planted", as: Int.self)[row] == 6)
        #expect(try power.read("total", as: Int.self)[row] == 300)
        #expect(try power.read("named", as: Int.self)[row] == named("planted"))
        #expect(try power.read("placebos_named", as: Int.self)[row] == named("placebos"))
        let isFound = try poisoned.contains(target) && 2 * named("planted") >= 6
        #expect(try power.read("found", as: UInt8.self)[row] == (isFound ? 1 : 0))
        others -= try named("planted") + named("placebos")
      }
      #expect(try power.attribute("others_named", as: Int.self) == others)
      #expect(outcome.output.contains("in copies of the set: "))
      #expect(outcome.output.contains("would have been found"))
    }

    /// Of a set of one class nothing could be tried, which is said; nothing else fails for it.
    @Test func nothingPlanted() throws {
      let (_, outcome) = try run(["copy.patch=0.1%", "copy.blend=0", "copy.noise=0", "copy.sinusoid=0"])
      outcome.expect()
      #expect(outcome.output.contains("what would have been found was not tried"))
    }

    @Test func whatDoesNotBelongTogether() throws {
      let one = Self.stages.replacing("<- first_verdict copy_verdict", with: "<- copy_verdict")
      try run([], one).1.expect(status: 65, messages: "stage 'powerful' failed")
    }
  }
}
