import Foundation
import HDF5
import Stages
import Testing

extension CommandTests {
  /// The kind `split`.
  @Suite struct SplitStageTests {
    @Test func flagsFollowFromTheScores() throws {
      let root = try Workspace.reference.artifact("split").root
      let flags = try root.read("flags", as: UInt8.self)
      #expect((0..<3).map { flag in flags.count { $0 == flag } } == [60, 225, 15])
      #expect(try root.attribute("clean_count", as: Int.self) == 60)
      #expect(try root.attribute("uncertain_count", as: Int.self) == 225)
      #expect(try root.attribute("poisoned_count", as: Int.self) == 15)
      #expect(
        try root.dataset("flags").attribute("meaning", as: String.self)
          == "0: clean; 1: uncertain; 2: poisoned")
      let scores = try Workspace.reference.artifact("scores").root.read("scores", as: Double.self)
      let sorted = scores.sorted()
      #expect(scores.indices.allSatisfy { flags[$0] != 0 || scores[$0] <= sorted[59] })
      #expect(scores.indices.allSatisfy { flags[$0] != 2 || scores[$0] >= sorted[285] })
      let suspects = try root.read("suspects", as: Int.self)
      #expect(suspects.sorted() == flags.indices.filter { flags[$0] == 2 })
      #expect(zip(suspects, suspects.dropFirst()).allSatisfy { scores[$0] >= scores[$1] })
    }

    /// A clean set, and one of which a fifth is poisoned: a fixed share is named either way, and nothing is
    /// said about whether there is a backdoor.
    @Test(arguments: [nil, "20%"]) func namesAShareWhateverTheScores(rate: String?) throws {
      let workspace = try Workspace(copyOf: .reference)
      if let rate {
        try workspace.edit("rate   = 10%", "rate   = \(rate)")
      } else {
        for stage in ["warmup : train", "fine_tuned : intra-class", "scores : fct"] {
          try workspace.edit("stage \(stage)\n    images <- poisoned", "stage \(stage)\n    images <- train")
        }
        let split = "    scores   <- scores\n    images   <- "
        try workspace.edit(split + "poisoned", split + "train")
      }
      let outcome = try workspace.run("--only", "split")
      outcome.expect()
      #expect(
        outcome.output.contains(
          "5.00% of the set are named poisoned whatever the scores are, backdoor or not: that samples are "
            + "among them does not say that they are poisoned"))
      // Three images of a class may all miss the clean set; nothing else is warned of.
      let warnings = outcome.output.split(separator: "\n").filter { $0.contains("warning: ") }
      #expect(warnings.allSatisfy { $0.contains(" is named clean: a repair would forget such a class") })
      #expect(try workspace.artifact("split").root.attribute("poisoned_count", as: Int.self) == 15)
    }

    /// Most classes have fewer samples that are not named poisoned than the same share of each asks for,
    /// which is said.
    @Test func classesThatFallShort() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        """
        include test.pipeline

        stage few : split
            scores   <- scores
            images   <- poisoned
            clean    = 90%
            poisoned = 5%
            select   = balanced
        """, to: "few.pipeline")
      let outcome = try workspace.winnow(["run", "few.pipeline", "--only", "few"])
      outcome.expect()
      let root = try workspace.artifact("few", of: "few").root
      let sizes = try root.attribute("clean_class_sizes", as: [Int].self)
      let short = sizes.indices.filter { sizes[$0] < 27 }
      #expect(!short.isEmpty)
      for label in short {
        #expect(
          outcome.output.contains(
            "warning: \(label): named clean are \(sizes[label]) samples, not 27 as of other classes; it has no "
              + "more among the least suspicious 95.00% of the set, and 'balanced' takes no others"))
      }
    }

    /// Of very many such classes there is one line.
    @Test func manyClassesThatFallShort() {
      func warnings(_ count: Int) -> [String] {
        ShortfallText(
          (0..<count).map { .init(label: $0, quota: 50, count: 40 - $0) },
          classNames: (0..<count).map { "class \($0)" }, eligible: 0.75
        ).warnings
      }
      #expect(warnings(10).count == 10)
      #expect(
        warnings(11) == [
          "11 classes have fewer samples named clean than others, the fewest class 10: 30, not 50; they have no more "
            + "among the least suspicious 75.00% of the set, and 'balanced' takes no others"
        ])
    }

    /// Scores that are all equal, in a set that is sorted by class: the seed decides, and a warning says so.
    @Test func equalScores() throws {
      let workspace = try Workspace(copyOf: .reference)
      // Every image is black, so no transformation moves its features.
      var files: [String: Data] = [:]
      for number in 1...5 {
        let first = 60 * (number - 1)
        var records = Data()
        for index in first..<first + 60 {
          records.append(UInt8(index / 30))
          records.append(Data(repeating: 0, count: 3072))
        }
        files["data_batch_\(number).bin"] = records
      }
      try TestData.write(files, to: workspace.folder.appending(path: "black"))
      try workspace.write(
        """
        include test.pipeline

        let lot = 1

        stage black : load
            path  = black
            split = train

        stage zeros : fct
            images <- black
            model  <- warmup

        stage by_lot : split
            scores <- zeros
            images <- black
            seed   = $lot
        """, to: "black.pipeline")
      func suspects(_ seed: Int) throws -> (indices: [Int], output: String) {
        let outcome = try workspace.winnow(["run", "black.pipeline", "lot=\(seed)", "--only", "by_lot"])
        outcome.expect()
        let root = try workspace.artifact("by_lot", of: "black").root
        return (try root.read("suspects", as: Int.self), outcome.output)
      }
      let (first, output) = try suspects(1)
      #expect(
        output.contains(
          "warning: 300 scores (100.00%) are exactly zero: the score does not tell these samples apart, and "
            + "which of them are named clean was decided by 'seed'"))
      // Fifteen neighbours at the end of the set would be of one class.
      #expect(Set(first.map { $0 / 30 }).count > 4)
      #expect(try suspects(2).indices != first)
    }
  }
}
