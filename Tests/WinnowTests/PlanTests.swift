import Foundation
import HDF5
import Pipelines
import SystemPackage
import Testing

extension CommandTests {
  /// `winnow plan`.
  @Suite struct Plans {
    private struct Report: Decodable {
      struct Stage: Decodable {
        let name: String
        let state: String
        let seconds: Double?
        let memory: Double?
        let basis: String
        let amount: Double?
      }

      let stages: [Stage]
      let up_to_date: Int
      let seconds: Double
      let longest_chain: [String]
      let longest_chain_seconds: Double
      let seconds_with_jobs: Double
      let seconds_with_machines: Double
      let unknown: [String]
    }

    private func report(_ workspace: Workspace, _ arguments: String...) throws -> Report {
      let outcome = try workspace.winnow(["plan", "--json", "test.pipeline"] + arguments)
      outcome.expect()
      return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    }

    private func record(_ stage: String, _ workspace: Workspace) throws -> ArtifactRecord {
      let store = ArtifactStore(root: FilePath(workspace.folder.appending(path: "artifacts").path))
      return try #require(try store.publishedRecord(pipeline: "test", stage: stage))
    }

    /// Before anything was built, every stage that counts knows how much it will have counted: images,
    /// classes and networks are known from the files and parameters alone.
    @Test func amountsAreForeseen() throws {
      let report = try report(Workspace())
      #expect(report.stages.map(\.name) == TestManifest.stages && report.up_to_date == 0)
      for stage in report.stages where !["detection", "summary"].contains(stage.name) {
        let counted = try #require(try record(stage.name, .reference).cost?.amount, "\(stage.name)")
        let foreseen = try #require(stage.amount, "\(stage.name)")
        // How many images a split names is rounded.
        #expect(abs(foreseen / counted - 1) < 0.05, "\(stage.name): \(foreseen), not \(counted)")
      }
      #expect(report.unknown.contains("summary"))
      let warmup = try #require(report.stages.first { $0.name == "warmup" })
      #expect(warmup.basis == "assumed speed" && (warmup.memory ?? 0) > 50e6)
    }

    @Test func fromEarlierRuns() throws {
      let workspace = try Workspace(copyOf: .reference)
      let report = try report(workspace, "warmup.epochs=6")
      let before = try record("warmup", workspace)
      let warmup = try #require(report.stages.first { $0.name == "warmup" })
      #expect(warmup.state == "stale" && warmup.basis == "1 earlier run")
      #expect(warmup.seconds ?? 0 > before.wallSeconds / 2)
      #expect(report.stages.allSatisfy { $0.seconds != nil } && report.unknown.isEmpty)
      #expect(report.longest_chain.first == "warmup" && report.longest_chain.last == "summary")
      #expect(report.longest_chain_seconds <= report.seconds_with_machines + 1e-9)
      #expect(report.seconds_with_machines <= report.seconds_with_jobs + 1e-9)
      #expect(report.longest_chain_seconds < report.seconds)
      #expect(report.stages.count + report.up_to_date == TestManifest.stages.count)
    }

    @Test func inWords() throws {
      let first = try Workspace().winnow(["plan", "test.pipeline", "--jobs", "2"])
      first.expect()
      for phrase in [
        "14 of 14 stages to run: about", "longest chain:", "with --jobs 2 on this machine:",
        "of unknown time, and in no sum: train, poisoned,",
      ] {
        #expect(first.output.contains(phrase), "\(first.output)")
      }
      let built = try Workspace(copyOf: .reference).winnow(["plan", "test.pipeline"])
      built.expect()
      #expect(built.output == "nothing to do: 14 stages are up to date\n")
      let wrong = try Workspace.reference.winnow(["plan", "test.pipeline", "--jobs", "0"])
      wrong.expect(status: 64, messages: "--jobs takes 1 to 1024 stages, not 0")
    }

    /// Copies of one stage are one entry among those of unknown time: there may be hundreds.
    @Test func copiesOfUnknownTime() throws {
      let workspace = try Workspace()
      try workspace.write(
        """
        each amount = 0.1 0.2 0.3

        include test.pipeline

        stage other : poison
            images <- train
            attack = badnets-all2one
            rate   = $amount
        """, to: "swept.pipeline")
      let outcome = try workspace.winnow(["plan", "swept.pipeline"])
      outcome.expect()
      #expect(outcome.output.contains("stale  other[amount=0.2] "), "\(outcome.output)")
      let last = outcome.output.split(separator: "\n").last ?? ""
      #expect(last.hasPrefix("of unknown time, and in no sum: train, "), "\(last)")
      #expect(last.contains(", other[*] (3 copies)") && !last.contains("amount"), "\(last)")
    }

    /// It writes nothing.
    @Test func leavesNothingBehind() throws {
      let workspace = try Workspace(copyOf: .reference)
      let before = try workspace.storedPaths()
      try workspace.winnow(["plan", "test.pipeline", "rounds=5"]).expect()
      #expect(try workspace.storedPaths() == before)
    }
  }
}
