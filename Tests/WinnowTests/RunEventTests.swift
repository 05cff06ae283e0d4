import Foundation
import Testing

extension CommandTests {
  /// `winnow run --json` and `--quiet`.
  @Suite struct RunEventTests {
    private func events(_ outcome: Outcome) throws -> [[String: Any]] {
      try outcome.output.split(separator: "\n").map { line in
        try #require(
          try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
      }
    }

    /// Every line is an event; each stage starts, and finishes with what is on the disk.
    @Test func everyLineIsAnEvent() throws {
      let workspace = try Workspace()
      let outcome = try workspace.run("--json", "--jobs", "2")
      outcome.expect()
      #expect(outcome.messages.isEmpty)
      let events = try events(outcome)
      let kinds = events.compactMap { $0["event"] as? String }
      #expect(kinds.first == "run-started" && kinds.last == "run-finished" && kinds.count == events.count)
      #expect(events.first?["to_run"] as? Int == TestManifest.stages.count)
      func stages(_ kind: String) -> [String] {
        events.filter { $0["event"] as? String == kind }.compactMap { $0["stage"] as? String }
      }
      #expect(stages("stage-started").sorted() == TestManifest.stages.sorted())
      #expect(stages("stage-finished").sorted() == TestManifest.stages.sorted())
      #expect(Set(stages("progress")).isSuperset(of: ["warmup", "fine_tuned", "backdoored", "repaired"]))
      for event in events where event["event"] as? String == "stage-finished" {
        let path = try #require(event["path"] as? String)
        let size = try FileManager.default.attributesOfItem(
          atPath: workspace.folder.appending(path: path).resolvingSymlinksInPath().path)[.size] as? Int
        #expect(event["bytes"] as? Int == size && event["seconds"] is Double)
      }
      #expect((events.last?["built"] as? [String])?.sorted() == TestManifest.stages.sorted())

      // Again: all are fresh.
      let again = try self.events(workspace.run("--json"))
      #expect(again.compactMap { $0["event"] as? String }.filter { $0 == "stage-started" } == [])
      #expect((again.last?["fresh"] as? [String])?.count == TestManifest.stages.count)
    }

    @Test func failures() throws {
      let workspace = try Workspace()
      try workspace.edit("width  = 4", "width  = 4\n    learning-rate = 1000\n    weight-decay = 1")
      let outcome = try workspace.run("--json")
      #expect(outcome.status != 0)
      let failed = try events(outcome).first { $0["event"] as? String == "stage-failed" }
      #expect(failed?["stage"] as? String == "warmup" || failed?["stage"] as? String == "scores")
      #expect((failed?["message"] as? String)?.isEmpty == false)
    }

    /// Results alone.
    @Test func quiet() throws {
      let workspace = try Workspace(copyOf: .reference)
      let outcome = try workspace.run("--quiet", "--force", "scores", "--only", "scores")
      outcome.expect()
      #expect(outcome.messages.isEmpty)
      #expect(outcome.output.contains("scores: median "))
      try workspace.run("--quiet", "--json").expect(status: 64, messages: "take one")
      try workspace.run("--json", "--dry-run").expect(status: 64, messages: "--dry-run makes none")
    }
  }
}
