import Foundation
import Glibc
import HDF5
import Testing

extension CommandTests {
  /// The kind `recognition`, which trains a network for each part of the set.
  @Suite struct RecognitionStageTests {
    private static let manifest = """
      include verdict.pipeline

      stage recognized : recognition
          images  <- poisoned
          model   <- warmup
          verdict <- first_verdict
          fewest  = 4
          # So short a training may learn nothing.
          least-recognized = 0%
          parts   = 3
          steps   = 130
          batch   = 16

      """

    /// Thresholds with which many images are suspects, and others of their class are clean.
    private static let eager = VerdictStageTests.eager.map { $0.replacing("=1%", with: "=10%") }

    private func workspace() throws -> Workspace {
      let workspace = try VerdictManifest.workspace()
      try workspace.write(Self.manifest, to: "recognition.pipeline")
      return workspace
    }

    private func run(_ workspace: Workspace, _ arguments: [String]) throws -> Outcome {
      try workspace.winnow(["run", "recognition.pipeline", "--only", "recognized"] + arguments)
    }

    private func root(_ stage: String, _ workspace: Workspace) throws -> Group {
      try workspace.artifact(stage, of: "recognition").root
    }

    /// What it asks about has the joint probability for its confidence, and is named by that; the rest stays.
    @Test func whatItWrites() throws {
      let workspace = try workspace()
      let outcome = try run(workspace, Self.eager)
      outcome.expect()
      let (before, after) = (try root("first_verdict", workspace), try root("recognized", workspace))
      let labels = try workspace.artifact("poisoned").root.read("labels", as: Int.self)
      let evidence = try before.group("evidence")
      let (flagsBefore, flags) = (try before.read("flags", as: UInt8.self), try after.read("flags", as: UInt8.self))
      let asked = Set(
        zip(try evidence.read("class", as: Int.self), try evidence.read("named", as: Int.self)).filter { label, named in
          named >= 4 && labels.indices.count { labels[$0] == label && flagsBefore[$0] == 0 } >= 4
        }.map(\.0))
      #expect(!asked.isEmpty, "\(flagsBefore)")
      let recognized = try after.read("recognized", as: Double.self)
      let (old, new) = (
        try before.read("confidence", as: Double.self), try after.read("confidence", as: Double.self)
      )
      for index in labels.indices {
        guard asked.contains(labels[index]) else {
          #expect(recognized[index] == 0 && new[index] == old[index] && flags[index] == flagsBefore[index])
          continue
        }
        #expect(recognized[index] > 0 && recognized[index] < 1)
        let odds = (old[index] / (1 - old[index])) * (recognized[index] / (1 - recognized[index]))
        #expect(abs(new[index] - odds / (1 + odds)) < 1e-3)
        #expect((flags[index] == 2) == (new[index] >= 0.4))
      }
      #expect(try after.attribute("verdict", as: String.self) == "poisoned")
      #expect(try after.attribute("poisoned_count", as: Int.self) == flags.count { $0 == 2 })
      #expect(outcome.output.contains("suspects") && outcome.messages.contains("network 3, tenth 10 of 10"))
    }

    /// A class whose core is not recognised keeps what the verdict named of it.
    @Test func nothingIsRecognised() throws {
      let workspace = try workspace()
      let outcome = try run(
        workspace, Self.eager + ["recognized.least-recognized=100%", "recognized.learning-rate=1e-12"])
      outcome.expect()
      #expect(outcome.output.contains("have nothing in common that is recognised: that class is left as it was"))
      let (before, after) = (try root("first_verdict", workspace), try root("recognized", workspace))
      #expect(try after.read("flags", as: UInt8.self) == before.read("flags", as: UInt8.self))
      #expect(try after.group("evidence").readStrings("state") == before.group("evidence").readStrings("state"))
    }

    /// Where nothing is named, nothing is trained, and the verdict is the same.
    @Test func nothingIsNamed() throws {
      let workspace = try workspace()
      let outcome = try run(workspace, [])
      outcome.expect()
      #expect(outcome.output.contains("no class with enough named and enough clean images: there is nothing to train"))
      let (before, after) = (try root("first_verdict", workspace), try root("recognized", workspace))
      #expect(try after.read("flags", as: UInt8.self) == before.read("flags", as: UInt8.self))
      #expect(try after.read("confidence", as: Double.self) == before.read("confidence", as: Double.self))
      #expect(try after.read("recognized", as: Double.self).allSatisfy { $0 == 0 })
      try run(workspace, ["recognized.loose=50%"]).expect(status: 65, messages: "'loose' is more than 'naming'")
    }

    /// Stopped in each of the networks, with another number of threads every time: the same bytes.
    @Test func stoppedRunsEndTheSame() throws {
      let undisturbed = try self.workspace()
      try run(undisturbed, Self.eager).expect()
      let workspace = try workspace()
      let arguments =
        ["run", "recognition.pipeline", "--only", "recognized", "--checkpoint", "0"] + Self.eager
      for (index, (signal, saved)) in [(SIGKILL, 3), (SIGINT, 9), (SIGTERM, 8), (SIGKILL, 6)].enumerated() {
        let command = try workspace.start(arguments, threads: 1 + index % 2, stopsAtCheckpoints: true)
        try #require(command.goesOnToCheckpoint(saved, of: "recognized"), "\(command.messages)")
        command.send(signal)
        let outcome = try command.outcome()
        #expect(outcome.signal == signal || outcome.status == 128 + signal, "\(outcome.messages)")
      }
      let last = try run(workspace, Self.eager)
      last.expect()
      #expect(last.messages.contains("network 3, ") && !last.messages.contains("network 1, "), "\(last.messages)")
      expectEqual(try workspace.artifacts(of: "recognition"), try undisturbed.artifacts(of: "recognition"))
    }
  }
}
