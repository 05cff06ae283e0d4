import Foundation
import HDF5
import Testing

extension CommandTests {
  /// One run over everything, and one more with nothing to do.
  @Suite struct EndToEnd {
    @Test func everyStageIsBuilt() throws {
      let outcome = try Workspace.referenceOutcome
      outcome.expect(messages: "14 stages built in ")
      #expect(outcome.built == TestManifest.stages)
      for phrase in [
        "300 images of 32×32×3 in 10 classes: CIFAR-10, training set", "27 of 300 images poisoned",
        "90 of 100 test images triggered", "recall of the poisoned set ", "named clean: 60 ", "ASR floor",
        "accuracy by class",
      ] {
        #expect(outcome.output.contains(phrase), "\(outcome.output)")
      }
      #expect(try Workspace.reference.artifacts().keys.sorted() == TestManifest.stages.sorted())
    }

    @Test func nothingRunsAgain() throws {
      let workspace = try Workspace(copyOf: .reference)
      let before = try (workspace.artifacts(), workspace.storedPaths())
      let outcome = try workspace.run()
      outcome.expect(messages: "nothing to do: 14 stages are up to date")
      #expect(outcome.built.isEmpty)
      // The last stages' results are told again.
      let first = try Workspace.referenceOutcome.output
      let summary = try #require(first.range(of: "summary\n"))
      #expect(outcome.output == first[summary.lowerBound...])
      expectEqual(try workspace.artifacts(), before.0)
      #expect(try workspace.storedPaths() == before.1)
    }

    @Test func statusAndPlanSayFresh() throws {
      let workspace = try Workspace(copyOf: .reference)
      let status = try workspace.winnow(["status", "test.pipeline"])
      status.expect()
      #expect(status.output == TestManifest.stages.map { "fresh  \($0)\n" }.joined())
      #expect(try workspace.plan() == ["fresh": Set(TestManifest.stages)])
      let json = try workspace.winnow(["status", "--json", "test.pipeline"]).output
      let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      #expect(object?["fresh"] as? Bool == true)
      let stages = try #require(object?["stages"] as? [[String: Any]])
      #expect(stages.compactMap { $0["name"] as? String } == TestManifest.stages)
      for stage in stages {
        #expect(stage["state"] as? String == "fresh")
        #expect((stage["sha256"] as? String)?.count == 64)
        let artifact = workspace.folder.appending(path: try #require(stage["artifact"] as? String))
        #expect(try Data(contentsOf: artifact).count == stage["bytes"] as? Int)
      }
    }

    @Test func statusOfWhatWasNeverBuilt() throws {
      let workspace = try Workspace()
      let status = try workspace.winnow(["status", "test.pipeline"])
      #expect(status.status == 1)
      let lines = status.output.split(separator: "\n")
      #expect(lines[0] == "stale  train       never built")
      #expect(lines[1].hasPrefix("stale  poisoned    never built; reads train, to be rebuilt"))
      #expect(try workspace.plan() == ["stale": Set(TestManifest.stages)])
      let store = workspace.folder.appending(path: "artifacts/store").path
      #expect(!FileManager.default.fileExists(atPath: store))
    }

    @Test func onlyWhatIsAskedFor() throws {
      let workspace = try Workspace()
      let outcome = try workspace.run("--only", "triggered")
      outcome.expect(messages: "4 stages built")
      #expect(outcome.built == ["train", "poisoned", "test", "triggered"])
    }

    @Test func theWarmupLearns() throws {
      let history = try Workspace.reference.artifact("warmup").root.group("history")
      let accuracy = try history.read("training_accuracy", as: Double.self)
      #expect(accuracy.count == 3)
      #expect(accuracy[2] > 0.5)
    }

    @Test func showTellsHowItWasMade() throws {
      let workspace = try Workspace.reference
      let outcome = try workspace.winnow(["show", "test.pipeline", "split"])
      outcome.expect()
      for phrase in ["kind       split, version", "clean = 0.2", "scores <- scores", "/flags", "uint8 [300]"] {
        #expect(outcome.output.contains(phrase), "\(outcome.output)")
      }
      let manifest = try workspace.winnow(["show", "--manifest", "test.pipeline", "split"]).output
      #expect(manifest.hasPrefix("let data = data\n"))
    }

    @Test func reportAndVerify() throws {
      let workspace = try Workspace(copyOf: .reference)
      let report = try workspace.winnow(["report", "test.pipeline"])
      report.expect()
      #expect(report.output.hasPrefix("summary\n"))
      #expect(report.messages.isEmpty)
      let verified = try workspace.winnow(["verify"])
      verified.expect()
      #expect(verified.output.hasPrefix("14 artifacts"))
    }
  }
}
