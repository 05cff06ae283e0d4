import Foundation
import Glibc
import HDF5
import Testing

extension CommandTests {
  /// The kind `confusion`.
  @Suite struct ConfusionStageTests {
    private func root(_ stage: String, _ workspace: Workspace) throws -> Group {
      try workspace.artifact(stage, of: "verdict").root
    }

    @Test func theBaseHasTheLowestScores() throws {
      let workspace = try VerdictManifest.workspace()
      let root = try root("round_1", workspace)
      let isBase = try root.read("base", as: Double.self)
      let before = try self.root("fit", workspace).read("scores", as: Double.self)
      let limit = before.sorted()[134]
      #expect(isBase.count { $0 == 1 } == 135)
      #expect(try root.attribute("base_count", as: Int.self) == 135)
      #expect(isBase.indices.allSatisfy { isBase[$0] == 1 ? before[$0] <= limit : before[$0] >= limit })
    }

    /// 0.3 of the earlier scores, and what joins the three that were measured.
    @Test func scoresAddUp() throws {
      let workspace = try VerdictManifest.workspace()
      let root = try root("round_1", workspace)
      let scores = try root.read("scores", as: Double.self)
      let before = try self.root("fit", workspace).read("scores", as: Double.self)
      let ranked = try ["probability", "superimposed", "windowed"].map { try root.read($0, as: Double.self) }
      let joined = LabelFitStageTests.joined(ranked, labels: try LabelFitStageTests.labels())
      for index in 0..<300 { #expect(abs(scores[index] - 0.3 * before[index] - joined[index]) < 1e-9) }
    }

    /// With random labels for the base, it is not fitted any more than before; of the others more is.
    @Test func theBaseIsConfused() throws {
      let workspace = try VerdictManifest.workspace()
      try VerdictManifest.run(
        workspace, "--only", "round_1", "round_1.steps=980", "round_1.lambda=5"
      ).expect()
      let root = try root("round_1", workspace)
      let (isBase, after) = (
        try root.read("base", as: Double.self), try root.read("probability", as: Double.self)
      )
      let before = try self.root("fit", workspace).read("probability", as: Double.self)
      func mean(_ values: [Double], _ base: Double) -> Double {
        let chosen = values.indices.filter { isBase[$0] == base }.map { values[$0] }
        return chosen.reduce(0, +) / Double(chosen.count)
      }
      #expect(mean(after, 1) < mean(before, 1))
      #expect(mean(after, 1) < mean(after, 0))
    }

    @Test func probabilityIsTheScoreOfALaterRound() throws {
      let workspace = try VerdictManifest.workspace()
      let root = try root("round_2", workspace)
      #expect(try root.read("scores", as: Double.self) == root.read("probability", as: Double.self))
      #expect(try !root.names.contains("windowed"))
      let isBase = try root.read("base", as: Double.self)
      let (one, fit) = (
        try self.root("round_1", workspace).read("probability", as: Double.self),
        try self.root("fit", workspace).read("probability", as: Double.self)
      )
      func logit(_ p: Double) -> Double { log(p + 1e-6) - log(1 - p + 1e-6) }
      for index in 0..<300 {
        let mean = (logit(one[index]) + logit(fit[index])) / 2
        #expect((isBase[index] == 1) == (1 / (1 + exp(-mean)) < 0.9))
      }
    }

    /// A second pass: all that a verdict does not name is the base.
    @Test func allThatIsNotNamed() throws {
      let workspace = try VerdictManifest.workspace()
      let again = """

        stage again : confusion
            images  <- $images
            model   <- warmup
            scores  <- round_2
            verdict <- first_verdict
            select  = unnamed
            steps   = 130
            batch   = 16
        """
      try workspace.write(VerdictManifest.text + again, to: "verdict.pipeline")
      let arguments = ["run", "verdict.pipeline", "--only", "again"] + VerdictStageTests.eager
      try workspace.winnow(arguments).expect()
      let flags = try root("first_verdict", workspace).read("flags", as: UInt8.self)
      #expect(flags.contains(2))
      let isBase = try root("again", workspace).read("base", as: Double.self)
      #expect(isBase == flags.map { $0 == 2 ? 0 : 1 })
      try workspace.write(
        VerdictManifest.text + again.replacing("    verdict <- first_verdict\n", with: ""), to: "verdict.pipeline")
      try VerdictManifest.run(workspace, "--only", "again").expect(
        status: 65, messages: "'select = unnamed' needs the input 'verdict'")
    }

    /// The manifest of a second pass goes with that of the verdict.
    @Test func theSecondPassIsValid() throws {
      let workspace = try Workspace(copyOf: .reference)
      let common = ShippedManifestTests.folder.appending("common")
      try workspace.write(
        """
        include test.pipeline
        let audited = poisoned
        include \(common.appending("verdict.pipeline"))
        include \(common.appending("second-pass.pipeline"))
        """, to: "widened.pipeline")
      try workspace.winnow(["check", "widened.pipeline"]).expect()
    }

    /// Killed when all is trained and nothing else is done: there is no eleventh tenth to go on from.
    @Test func killedAtTheEndOfTheTraining() throws {
      let workspace = try VerdictManifest.workspace()
      let steps = "round_1.steps=65"
      let command = try workspace.start(
        ["run", "verdict.pipeline", "--only", "round_1", steps], threads: 1, stopsAtCheckpoints: true)
      try #require(command.goesOnToCheckpoint(10, of: "round_1"), "\(command.messages)")
      command.send(SIGKILL)
      #expect(try command.outcome().signal == SIGKILL)
      try VerdictManifest.run(workspace, "--only", "round_1", steps)
        .expect(messages: "; resumes from the end of tenth 10 of 10")
    }

    /// Nothing is trained, the probabilities are passed on, and the verdict says why there is none.
    @Test func anEmptyBase() throws {
      let workspace = try VerdictManifest.workspace()
      let outcome = try VerdictManifest.run(workspace, "--only", "first_verdict", "round_2.below=0.1%")
      outcome.expect()
      let root = try root("round_2", workspace)
      #expect(try root.attribute("base_count", as: Int.self) == 0)
      #expect(try root.read("base", as: Double.self).allSatisfy { $0 == 0 })
      let after = try root.read("probability", as: Double.self)
      let rounds = try ["round_1", "fit"].map {
        try self.root($0, workspace).read("probability", as: Double.self)
      }
      for index in after.indices {
        let (one, other) = (rounds[0][index], rounds[1][index])
        #expect(after[index] > min(one, other) - 1e-5 && after[index] < max(one, other) + 1e-5)
      }
      #expect(try self.root("check", workspace).names == [])
      #expect(try self.root("first_verdict", workspace).attribute("verdict", as: String.self) == "inconclusive")
      #expect(outcome.output.contains("every image keeps its label, so that no others are left"))
    }

    @Test(arguments: [1, 3]) func threadsDoNotMatter(threads: Int) throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(VerdictManifest.text, to: "verdict.pipeline")
      try VerdictManifest.run(workspace, threads: threads).expect()
      expectEqual(
        try workspace.artifacts(of: "verdict"),
        try VerdictManifest.workspace().artifacts(of: "verdict"))
    }

    /// Any score will do to begin with; but only rounds have probabilities, and classes need a check.
    @Test func inputsThatAreMissing() throws {
      let workspace = try VerdictManifest.workspace()
      let text = VerdictManifest.text
      try workspace.write(
        text.replacing("scores  <- fit\n", with: "scores  <- scores\n"), to: "verdict.pipeline")
      try VerdictManifest.run(workspace, "--only", "round_1").expect()
      try VerdictManifest.run(workspace, "--only", "round_1", "round_1.select=probability").expect(
        status: 65, messages: "stage 'round_1' failed", "has no 'probability' for each image")
      try workspace.write(text.replacing("    check  <- ranked_check\n", with: ""), to: "verdict.pipeline")
      try VerdictManifest.run(workspace, "--only", "second_round").expect(
        status: 65, messages: "'select = classes' needs the input 'check'")
    }
  }
}
