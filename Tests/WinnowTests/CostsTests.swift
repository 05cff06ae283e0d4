import Foundation
import HDF5
import Pipelines
import SystemPackage
import Testing

extension CommandTests {
  /// `winnow costs`: what the records say, by stage.
  @Suite struct Costs {
    private struct Stage: Decodable {
      let name: String
      let kind: String
      let copies: Int
      let built: Int
      let seconds: Double?
      let seconds_in_all: Double?
      let memory: Int64?
      let most_threads: Int?
      let partial: Bool
    }

    private func stages(_ workspace: Workspace, _ arguments: String...) throws -> [String: Stage] {
      let outcome = try workspace.winnow(["costs", "--json", "test.pipeline"] + arguments)
      outcome.expect()
      let stages = try JSONDecoder().decode([Stage].self, from: Data(outcome.output.utf8))
      return Dictionary(uniqueKeysWithValues: stages.map { ($0.name, $0) })
    }

    private func record(_ stage: String, _ workspace: Workspace) throws -> ArtifactRecord {
      let store = ArtifactStore(root: FilePath(workspace.folder.appending(path: "artifacts").path))
      return try #require(try store.publishedRecord(pipeline: "test", stage: stage))
    }

    @Test func fromRecords() throws {
      let stages = try stages(.reference)
      #expect(Set(stages.keys) == Set(TestManifest.stages))
      for name in TestManifest.stages {
        let (stage, record) = (try #require(stages[name]), try record(name, .reference))
        #expect(stage.seconds == record.wallSeconds && stage.memory == record.peakMemory, "\(name)")
        #expect(stage.kind == record.kind && stage.copies == 1 && stage.built == 1 && !stage.partial)
        #expect(stage.most_threads == record.cost?.threads)
      }
      // What the split takes is what leads to it, each stage once.
      let needed = try ["train", "poisoned", "warmup", "fine_tuned", "scores", "split"]
        .map { try record($0, .reference).wallSeconds }
      #expect(abs((stages["split"]?.seconds_in_all ?? 0) - needed.reduce(0, +)) < 1e-9)
    }

    /// What is not up to date is not counted, nor what comes after it in all.
    @Test func withStaleStages() throws {
      let workspace = try Workspace(copyOf: .reference)
      let stages = try stages(workspace, "scores.draws=2")
      #expect(stages["scores"]?.built == 0 && stages["scores"]?.seconds == nil)
      #expect(stages["split"]?.seconds_in_all == nil && stages["warmup"]?.seconds != nil)
      let outcome = try workspace.winnow(["costs", "test.pipeline", "scores.draws=2"])
      outcome.expect(messages: "of the stages; 'winnow status' says why")
      let line = try #require(outcome.output.split(separator: "\n").first { $0.hasPrefix("scores ") })
      #expect(line.split(separator: " ") == ["scores", "fct", "0", "of", "1", "–", "–", "–", "–"])
    }

    /// The copies of a stage are one line, with the mean of their times and the largest memory.
    @Test func copies() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.edit("let clean  = 20%", "each clean = 20% 30%")
      try workspace.run().expect()
      let records = try ["20%", "30%"].map { try record("split[clean=\($0)]", workspace) }
      let split = try #require(try stages(workspace)["split"])
      #expect(split.copies == 2 && split.built == 2)
      #expect(abs((split.seconds ?? 0) - (records[0].wallSeconds + records[1].wallSeconds) / 2) < 1e-9)
      #expect(split.memory == records.compactMap(\.peakMemory).max())
      let csv = try workspace.winnow(["costs", "--csv", "test.pipeline"])
      csv.expect()
      let lines = csv.output.split(separator: "\r\n")
      #expect(lines[0].hasPrefix("stage,kind,copies,built,seconds,seconds in all,memory (bytes),threads,"))
      #expect(lines.contains { $0.hasPrefix("split,split,2,2,") })
    }

    @Test func oneFormat() throws {
      try Workspace.reference.winnow(["costs", "--csv", "--json", "test.pipeline"]).expect(status: 64)
    }
  }
}
