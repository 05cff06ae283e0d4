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

    /// Scores of fewer images, or of more, are those of another set.
    @Test(arguments: ["rank", "forgotten"]) func scoresOfAnotherSet(_ base: String) throws {
      let workspace = try VerdictManifest.workspace()
      let text = VerdictManifest.text.replacing(
        "scores <- round_2\n    steps", with: "scores <- of_fewer\n    base   = \(base)\n    steps")
      try #require(text != VerdictManifest.text)
      try workspace.write(
        text + """

        stage fewer : load
            path  = data
            split = train
            count = 100

        stage of_fewer : label-fit
            images <- fewer
            model  <- warmup
        """, to: "verdict.pipeline")
      try VerdictManifest.run(workspace, "--only", "check").expect(
        status: 65, messages: "the scores are for 100 images, the labels for 300")
    }

    private static let spared = """
      stage loose : verdict
          images         <- $images
          scores         <- round_2
          check          <- check
          fewest-images  = 100
          fewest         = 1
          threshold      = 0.1%
          certain        = 0.1%
          poisoned-below = 0%

      stage spared_check : check
          images  <- $images
          model   <- warmup
          scores  <- fit round_1 round_2
          earlier <- loose
          base    = spared
          below   = 90%
          most    = 20%
          steps   = 130
          batch   = 16

      stage passed : verdict
          images        <- $images
          scores        <- round_2
          check         <- spared_check
          earlier       <- loose
          fewest-images = 100

      """

    /// In classes with a group that keeps its label, here in all, no more than a fifth, of the lowest first scores.
    @Test func aBaseThatSparesGroups() throws {
      let workspace = try VerdictManifest.workspace()
      try workspace.write(VerdictManifest.text + Self.spared, to: "verdict.pipeline")
      try VerdictManifest.run(workspace, "--only", "spared_check").expect()
      let isBase = try workspace.artifact("spared_check", of: "verdict").root.read("base", as: UInt8.self)
      let scores = try workspace.artifact("fit", of: "verdict").root.read("scores", as: Double.self)
      let rounds = try ["round_1", "round_2"].map {
        try workspace.artifact($0, of: "verdict").root.read("probability", as: Double.self)
      }
      let labels = try workspace.artifact("poisoned").root.read("labels", as: Int.self)
      for label in 0..<10 {
        let members = labels.indices.filter { labels[$0] == label }.sorted { scores[$0] < scores[$1] }
        let (few, fewest) = (members.prefix(members.count / 5), members.prefix(members.count / 10))
        let expected = few.filter { index in rounds.allSatisfy { $0[index] < 0.9 } } + fewest
        #expect(Set(expected) == Set(members.filter { isBase[$0] == 1 }))
      }
    }

    /// Where no class has one, nothing is trained, and a verdict by that is the earlier one.
    @Test func noGroupsToSpare() throws {
      let workspace = try VerdictManifest.workspace()
      try workspace.write(
        VerdictManifest.text + Self.spared.replacing("<- loose", with: "<- first_verdict"), to: "verdict.pipeline")
      let outcome = try VerdictManifest.run(workspace, "--only", "passed")
      outcome.expect()
      #expect(outcome.output.contains("no class has a group that keeps its label: there is nothing to train"))
      #expect(try workspace.artifact("spared_check", of: "verdict").root.names == [])
      let (passed, first) = (
        try workspace.artifact("passed", of: "verdict").root, try workspace.artifact("first_verdict", of: "verdict").root
      )
      #expect(try passed.attribute("verdict", as: String.self) == first.attribute("verdict", as: String.self))
      #expect(try passed.read("flags", as: UInt8.self) == first.read("flags", as: UInt8.self))
      try workspace.write(
        VerdictManifest.text + Self.spared.replacing("    earlier <- loose\n", with: ""), to: "verdict.pipeline")
      try VerdictManifest.run(workspace, "--only", "spared_check").expect(
        status: 65, messages: "'base = spared' needs the input 'earlier'")
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
