import Foundation
import HDF5
import Testing

extension CommandTests {
  /// Sets of which nothing can be said: the verdict says so and why, and nothing goes wrong on the way.
  @Suite struct VerdictOnWrongSets {
    /// Runs the whole of `common/verdict.pipeline`, as short as can be, on changed records of CIFAR-10.
    private func verdict(
      count: String = "none", fewest: Int = 100, _ overrides: [String] = [],
      _ change: (_ index: Int, _ record: inout [UInt8]) -> Void
    ) throws -> (output: String, root: Group) {
      let workspace = try Workspace()
      var (files, index): ([String: Data], Int) = ([:], 0)
      for name in TestData.files.keys.sorted() {
        let data = try #require(TestData.files[name])
        var changed = Data()
        for start in stride(from: 0, to: data.count, by: TestData.recordSize) {
          var record = Array(data[start..<start + TestData.recordSize])
          change(index, &record)
          changed.append(contentsOf: record)
          index += 1
        }
        files[name] = changed
      }
      try TestData.write(files, to: workspace.folder.appending(path: "data"))
      try workspace.write(
        """
        let verdict_width       = 2
        let verdict_epochs      = 1
        let verdict_least_steps = 0
        let confusion_steps     = 10
        let check_steps         = 10
        let contradiction_steps = 10

        stage received : load
            path  = data
            split = train
            count = \(count)

        include \(ShippedManifestTests.folder.appending("common/verdict.pipeline"))
        """, to: "wrong.pipeline")
      let outcome = try workspace.winnow([
        "run", "wrong.pipeline", "--only", "verdict", "first_verdict.fewest-images=\(fewest)",
        "found.fewest-images=\(fewest)",
      ] + overrides)
      outcome.expect()
      let root = try workspace.artifact("verdict", of: "wrong").root
      #expect(try root.attribute("verdict", as: String.self) == "inconclusive", "\(outcome.output)")
      #expect(try root.read("suspects", as: Int.self).isEmpty)
      return (outcome.output, root)
    }

    @Test func oneClass() throws {
      let (output, _) = try verdict { _, record in record[0] = 3 }
      #expect(output.contains("VERDICT: inconclusive: all images have the same label"))
    }

    @Test func equalImages() throws {
      let (output, _) = try verdict { _, record in
        for place in 1..<record.count { record[place] = 77 }
      }
      #expect(output.contains("all images are the same one"))
    }

    @Test func thirtyImages() throws {
      let (output, _) = try verdict(count: "30", fewest: 500) { _, _ in }
      #expect(output.contains("there are 30 images; with fewer than 500 a network learns too little to tell"))
    }

    /// One image keeps its label in every round, so that none is left for a base; so short as rounds are here,
    /// some of it at least.
    @Test func oneImage() throws {
      let (output, root) = try verdict(
        count: "1", fewest: 500, ["round_4.below=0.1%", "second_round.below=0.1%"]
      ) { _, _ in }
      #expect(output.contains("there is 1 image; with fewer than 500 a network learns too little to tell"))
      #expect(output.contains("every image keeps its label, so that no others are left to hold it against"))
      #expect(try root.read("flags", as: UInt8.self) == [1])
    }

    /// Of three images nothing can be said; that the check network learned nothing in so few steps is said as
    /// well, or else that this class is too small.
    @Test func aClassOfThree() throws {
      var kept = 0
      let (output, _) = try verdict { index, record in
        if record[0] == 9 {
          kept += 1
          if kept > 3 { record[0] = 8 }
        }
      }
      #expect(
        output.contains("of '9' there are fewer than 10 images, too few to judge")
          || output.contains("the check network learned nothing"))
    }
  }
}
