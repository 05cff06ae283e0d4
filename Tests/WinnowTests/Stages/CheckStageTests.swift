import HDF5
import Testing

extension CommandTests {
  /// The kind `check`.
  @Suite struct CheckStageTests {
    @Test func itIsTrainedOnTheBaseAlone() throws {
      let workspace = try VerdictManifest.workspace()
      let root = try workspace.artifact("check", of: "verdict").root
      let isBase = try root.read("base", as: UInt8.self)
      let ofRound = try workspace.artifact("round_2", of: "verdict").root.read("base", as: Double.self)
      #expect(isBase.map(Double.init) == ofRound)
      let predictions = try root.read("predictions", as: Int.self)
      #expect(predictions.count == 300 && Set(predictions).isSubset(of: Set(0..<10)))
      let probabilities = try root.read("probability", as: Double.self)
      #expect(probabilities.allSatisfy { $0 >= 0 && $0 <= 1 })
      // What is predicted is more probable than guessing.
      let labels = try workspace.artifact("poisoned").root.read("labels", as: Int.self)
      #expect(labels.indices.allSatisfy { predictions[$0] != labels[$0] || probabilities[$0] > 0.1 })
      #expect(try root.attribute("architecture", as: String.self) == "resnet18")
      #expect(try root.group("history").read("training_loss", as: Double.self).count == 10)
    }

    /// What no round has kept, and a tenth of each class of what is kept least.
    @Test func aBaseOfWhatIsForgotten() throws {
      let workspace = try VerdictManifest.workspace()
      let text = VerdictManifest.text.replacing(
        "scores <- round_2\n    steps",
        with: "scores <- round_2 round_1\n    base   = forgotten\n    below  = 20%\n    steps")
      try #require(text != VerdictManifest.text)
      try workspace.write(text, to: "verdict.pipeline")
      try VerdictManifest.run(workspace, "--only", "check").expect()
      let isBase = try workspace.artifact("check", of: "verdict").root.read("base", as: UInt8.self)
      let rounds = try ["round_1", "round_2"].map {
        try workspace.artifact($0, of: "verdict").root.read("probability", as: Double.self)
      }
      let labels = try workspace.artifact("poisoned").root.read("labels", as: Int.self)
      let isForgotten = isBase.indices.map { rounds[0][$0] < 0.2 && rounds[1][$0] < 0.2 }
      #expect(isForgotten.contains(true) && rounds[0].contains { $0 >= 0.2 } && rounds[1].contains { $0 >= 0.2 })
      for label in 0..<10 {
        let members = labels.indices.filter { labels[$0] == label }
        let forgotten = members.filter { isForgotten[$0] }
        #expect(forgotten.allSatisfy { isBase[$0] == 1 })
        let base = members.count { isBase[$0] == 1 }
        #expect(base == max(forgotten.count, members.count / 10))
      }
    }

    /// The lowest scores of the set, and of each class.
    @Test func aBaseByRank() throws {
      let workspace = try VerdictManifest.workspace()
      let root = try workspace.artifact("ranked_check", of: "verdict").root
      let isBase = try root.read("base", as: UInt8.self)
      let scores = try workspace.artifact("round_1", of: "verdict").root.read("scores", as: Double.self)
      let labels = try workspace.artifact("poisoned").root.read("labels", as: Int.self)
      let lowest = scores.sorted()[208]
      #expect(scores.indices.allSatisfy { scores[$0] > lowest || isBase[$0] == 1 })
      for label in 0..<10 {
        let members = labels.indices.filter { labels[$0] == label }
        let share = Double(members.count { isBase[$0] == 1 }) / Double(members.count)
        #expect(share >= 0.26)
      }
    }
  }
}
