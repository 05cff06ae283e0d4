import Foundation
import Testing

extension CommandTests {
  /// Sets that do not belong together are told apart before anything is measured on them.
  @Suite struct MismatchedSets {
    /// A copy of the reference with more stages, and what a run of one of its stages says.
    private func run(_ stage: String, with stages: String, _ edits: (String, String)...) throws -> Outcome {
      let workspace = try Workspace(copyOf: .reference)
      for (old, new) in edits { try workspace.edit(old, new) }
      let manifest = workspace.folder.appending(path: "test.pipeline")
      let text = try String(contentsOf: manifest, encoding: .utf8)
      try workspace.write(text + "\n" + stages)
      // The same test images, but for one bit of the last pixel.
      var files = TestData.files
      let batch = try #require(files["test_batch.bin"])
      files["test_batch.bin"] = batch.dropLast() + [(batch.last ?? 0) ^ 1]
      try TestData.write(files, to: workspace.folder.appending(path: "other"))
      return try workspace.run("--only", stage)
    }

    private static func evaluation(of images: String) -> String {
      """
      stage elsewhere : evaluate
          model     <- repaired
          images    <- \(images)
          triggered <- triggered
      """
    }

    private static let message = "the triggered images of 'triggered' were not made from the images of '"

    @Test func fewerTestImages() throws {
      let outcome = try run(
        "elsewhere",
        with: """
          stage few : load
              path  = $data
              split = test
              count = 50

          \(Self.evaluation(of: "few"))
          """)
      outcome.expect(
        status: 65, messages: "stage 'elsewhere' failed: " + Self.message + "few'",
        "connect the stage of kind 'trigger'")
    }

    @Test func testImagesWithAnotherPixel() throws {
      let outcome = try run(
        "elsewhere",
        with: """
          stage altered : load
              path  = other
              split = test

          \(Self.evaluation(of: "altered"))
          """)
      outcome.expect(status: 65, messages: Self.message + "altered'")
    }

    /// The same images from another stage are the same images.
    @Test func theSameImagesFromAnotherStage() throws {
      let outcome = try run(
        "elsewhere",
        with: """
          stage again : load
              path   = $data
              format = cifar10
              split  = test

          stage elsewhere : evaluate
              model     <- fine_tuned
              images    <- again
              triggered <- triggered
          """)
      outcome.expect()
      #expect(outcome.built == ["again", "elsewhere"])
    }

    /// A repair that records every round looks too, before it trains.
    @Test func repairThatRecordsOnOtherImages() throws {
      let outcome = try run(
        "repaired",
        with: """
          stage altered : load
              path  = other
              split = test
          """, ("    test           <- test", "    test           <- altered"))
      outcome.expect(status: 65, messages: "stage 'repaired' failed: " + Self.message + "altered'")
      #expect(!outcome.messages.contains("round 1"))
    }

    /// Scores of other images than the split's, and a split of other images than the scores': the message
    /// names the one that does not fit the training set.
    @Test func detectionNamesWhatDoesNotFit() throws {
      let fewer = """
        stage few : load
            path  = $data
            split = train
            count = 200

        stage few_poisoned : poison
            images <- few
            attack = badnets-all2one

        stage few_scores : fct
            images <- few_poisoned
            model  <- fine_tuned

        stage few_split : split
            scores <- few_scores
            images <- few_poisoned

        stage mixed : detection
            images <- poisoned
        """
      let scores = try run("mixed", with: fewer + "\n    scores <- few_scores\n    split <- split\n")
      scores.expect(status: 65, messages: "the scores are for 200 images, the labels for 300")
      let split = try run("mixed", with: fewer + "\n    scores <- scores\n    split <- few_split\n")
      split.expect(status: 65, messages: "the flags are for 200 images, the labels for 300")
    }
  }
}
