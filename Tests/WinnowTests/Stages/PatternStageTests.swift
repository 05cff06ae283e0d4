import Foundation
import HDF5
import Testing

extension CommandTests {
  /// The kind `shared-pattern`.
  @Suite struct PatternStageTests {
    private static let manifest = """
      include verdict.pipeline

      stage sinusoids : poison
          images <- train
          attack = sig
          rate   = 40%

      # Of so few images the other scores have no more at the top with a sinusoid than without.
      stage spectral : spectral-signatures
          images <- sinusoids
          model  <- warmup

      stage pattern : shared-pattern
          images <- $images
          model  <- warmup
          scores <- fit round_1 spectral
          # In so short a training the network does not learn the trigger.
          transplanted = 0%

      stage shown : verdict
          images        <- $images
          scores        <- round_2
          check         <- check
          pattern       <- pattern
          fewest-images = 100
          fewest        = 1000

      """

    private func workspace() throws -> Workspace {
      let workspace = try VerdictManifest.workspace()
      try workspace.write(Self.manifest, to: "pattern.pipeline")
      return workspace
    }

    private func run(
      _ workspace: Workspace, to stage: String, _ arguments: String..., threads: Int = 1
    ) throws -> Outcome {
      try workspace.winnow(
        ["run", "pattern.pipeline", "--only", stage, "images=sinusoids"] + arguments, threads: threads)
    }

    /// A sinusoid divides its class, and what has it is named by the verdict.
    @Test func aSinusoidIsNamed() throws {
      let workspace = try workspace()
      try run(workspace, to: "shown").expect()
      let images = try workspace.artifact("sinusoids", of: "pattern").root
      let (truth, labels) = (
        try images.read("truth/is_poisoned", as: UInt8.self), try images.read("labels", as: Int.self)
      )
      let target = try #require(labels.indices.first { truth[$0] > 0 }.map { labels[$0] })
      let root = try workspace.artifact("pattern", of: "pattern").root
      let patterns = try root.group("patterns")
      let classes = try patterns.read("class", as: Int.self)
      let row = try #require(classes.firstIndex(of: target))
      #expect(try patterns.read("trigger", as: UInt8.self).enumerated().filter { $0.1 > 0 }.map { classes[$0.0] } == [target])
      #expect(try patterns.read("separation", as: Double.self)[row] > 6)
      #expect(try patterns.read("owners", as: Int.self)[row] == truth.count { $0 > 0 })
      #expect(try patterns.dataset("pictures").shape == [classes.count, 32, 32, 3])
      let scores = try root.read("scores", as: Double.self)
      #expect(scores.map { $0 >= 0.5 ? 1 : 0 } == truth)
      // Images with and without it, to look at.
      let (before, after) = (
        try root.read("examples/before", as: UInt8.self), try root.read("examples/after", as: UInt8.self)
      )
      #expect(before.count == after.count && before != after)

      let verdict = try workspace.artifact("shown", of: "pattern").root
      #expect(try verdict.attribute("verdict", as: String.self) == "poisoned")
      #expect(try verdict.read("flags", as: UInt8.self).map { $0 == 2 ? 1 : 0 } == truth)
      #expect(try verdict.group("evidence").readStrings("state").contains("triggered"))
    }

    /// Where other images do not become of the class nothing is a trigger; and the bytes are the same for any threads.
    @Test func aPatternThatDoesNothing() throws {
      let (workspace, other) = (try workspace(), try workspace())
      let outcome = try run(workspace, to: "shown", "pattern.transplanted=99%")
      outcome.expect()
      #expect(outcome.output.contains("no class has a pattern that makes other images this class"))
      try run(other, to: "pattern", "pattern.transplanted=99%", threads: 2).expect()
      let root = try workspace.artifact("pattern", of: "pattern").root
      #expect(try root.read("scores", as: Double.self).allSatisfy { $0 == 0 })
      #expect(try !root.names.contains("examples"))
      let verdict = try workspace.artifact("shown", of: "pattern").root
      #expect(try verdict.attribute("verdict", as: String.self) != "poisoned")
      let (bytes, others) = (try workspace.artifacts(of: "pattern"), try other.artifacts(of: "pattern"))
      #expect(bytes["pattern"] != nil && bytes["pattern"] == others["pattern"])
    }

    /// Scores of another kind have no patterns.
    @Test func otherScores() throws {
      let workspace = try workspace()
      try workspace.write(
        Self.manifest.replacing("pattern       <- pattern", with: "pattern       <- fit"), to: "pattern.pipeline")
      try run(workspace, to: "shown").expect(
        status: 65, messages: "takes the scores of a stage of kind 'shared-pattern' alone, and these are 'label-fit'")
    }
  }
}
