import Foundation
import HDF5
import TestSupport
import Testing

extension CommandTests {
  /// The kind `tsne`, and its figure in a report.
  @Suite struct TSNEStageTests {
    private static let stage = """
      include test.pipeline

      stage features : tsne
          images  <- poisoned
          model   <- fine_tuned
          split   <- split
          classes = 2
          samples = 40

      stage page : report
          images    <- poisoned
          split     <- split
          embedding <- features
      """

    private func run(_ workspace: Workspace, _ arguments: String..., threads: Int = 1) throws -> Outcome {
      try workspace.winnow(["run", "features.pipeline", "--only", "page"] + arguments, threads: threads)
    }

    /// Samples of the class with the most suspects and of the largest other one, twice each.
    @Test func ofTwoClasses() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(Self.stage, to: "features.pipeline")
      let outcome = try run(workspace)
      outcome.expect()
      #expect(outcome.output.contains("40 images, divergence "))
      let root = try workspace.artifact("features", of: "features").root
      let indices = try root.read("indices", as: Int.self)
      #expect(indices.count == 40 && indices == Set(indices).sorted())
      for name in ["before", "after"] {
        #expect(try root.dataset(name).shape == [40, 2])
        #expect(try root.read(name, as: Double.self).allSatisfy(\.isFinite))
      }
      #expect(try root.read("before", as: Double.self) != root.read("after", as: Double.self))
      #expect(try root.attribute("transformation", as: String.self) == "rotate, then affine")

      let labels = try workspace.artifact("poisoned").root.read("labels", as: Int.self)
      let flags = try workspace.artifact("split").root.read("flags", as: UInt8.self)
      func counts(_ isCounted: (Int) -> Bool) -> [Int] {
        (0..<10).map { label in labels.indices.count { labels[$0] == label && isCounted($0) } }
      }
      let (sizes, named) = (counts { _ in true }, counts { flags[$0] == 2 })
      let expected = (0..<10).sorted { (named[$1], sizes[$1], $0) < (named[$0], sizes[$0], $1) }.prefix(2)
      #expect(Set(indices.map { labels[$0] }) == Set(expected))

      // The page has both figures, and every sample is in each once.
      let html = try workspace.artifact("page", of: "features").root.readString("html")
      #expect(try PageCheck(html).problems == [])
      let truth = try workspace.artifact("poisoned").root.read("truth/is_poisoned", as: UInt8.self)
      for name in ["features-before", "features-after"] { #expect(html.contains(name), "\(name)") }
      #expect(html.contains("Images transformed (rotate, then affine)"))
      #expect(html.contains("class=\"points c-red\"") == indices.contains { truth[$0] == 1 })
    }

    /// Equal bytes for any number of threads.
    @Test func anyNumberOfThreads() throws {
      let files = try [1, 3].map { threads in
        let workspace = try Workspace(copyOf: .reference)
        try workspace.write(Self.stage, to: "features.pipeline")
        try run(workspace, threads: threads).expect()
        let root = try workspace.artifact("features", of: "features").root
        return try root.read("before", as: Double.self) + root.read("after", as: Double.self)
      }
      #expect(files[0] == files[1])
    }

    /// Points of other images than the page is about.
    @Test func ofAnotherSet() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        Self.stage.replacing("    images    <- poisoned\n    split     <- split\n", with: "    images    <- test\n"),
        to: "features.pipeline")
      try run(workspace).expect(status: 65, messages: "the indices are for ", "the images for 100")
    }

    /// More samples than there are, without a split, and without a second transformation.
    @Test func ofWhatThereIs() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        Self.stage.replacing("    split   <- split\n", with: "    then    = none\n"), to: "features.pipeline")
      try run(workspace, "features.samples=1000", "features.classes=1").expect()
      let root = try workspace.artifact("features", of: "features").root
      let labels = try workspace.artifact("poisoned").root.read("labels", as: Int.self)
      let largest = (0..<10).map { label in labels.count { $0 == label } }.max()
      #expect(try root.read("indices", as: Int.self).count == largest)
      #expect(try root.attribute("transformation", as: String.self) == "rotate")
    }
  }
}
