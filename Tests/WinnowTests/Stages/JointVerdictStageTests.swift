import Foundation
import HDF5
import SystemPackage
import Testing

extension CommandTests {
  /// The kind `joint-verdict`.
  @Suite struct JointVerdictStageTests {
    private static let joint = """

      stage joint : joint-verdict
          verdicts <- first_verdict verdict

      stage joined : detection
          scores <- round_2
          split  <- joint
          images <- poisoned
      """

    /// Verdicts on as many images, whose classes have other names, are not on the same images.
    @Test func otherClasses() throws {
      let workspace = try VerdictManifest.workspace()
      try workspace.winnow(["run", "verdict.pipeline", "--only", "poisoned"]).expect()
      let poisoned = try workspace.artifact("poisoned", of: "verdict").root
      let other = try HDF5.File.create(at: FilePath(workspace.folder.path).appending("other.h5"))
      try other.root.write(
        poisoned.read("images", as: UInt8.self), shape: poisoned.dataset("images").shape, to: "images")
      try other.root.write(poisoned.read("labels", as: Int.self), to: "labels")
      try other.root.write(poisoned.readStrings("class_names").map { "no " + $0 }, to: "class_names")
      try other.close()
      let text = VerdictManifest.text.replacingOccurrences(of: "let images = poisoned", with: """
        each images = poisoned other

        stage other : load
            path    = other.h5
            split   = train
            format  = hdf5
            trusted = yes

        stage own : train
            images <- $images
            width  = 6
            epochs = 1
        """).replacingOccurrences(of: "<- warmup", with: "<- own")
      let joint = "\nstage joint : joint-verdict\n    verdicts <- verdict[*]\n"
      try workspace.write(text + joint, to: "verdict.pipeline")
      try workspace.winnow(["run", "verdict.pipeline", "--only", "joint"])
        .expect(status: 65, messages: "connect stages that start from the same images")
    }

    /// What one of them finds is enough, unless more are asked for.
    @Test func whatOneOfThemFinds() throws {
      let workspace = try VerdictManifest.workspace()
      // The last verdict on its own finds nothing.
      let lines = VerdictManifest.text.split(separator: "\n", omittingEmptySubsequences: false)
      let alone = lines.filter { !$0.contains("earlier") }.joined(separator: "\n")
      try workspace.write(alone + Self.joint, to: "verdict.pipeline")
      let eager = VerdictStageTests.eager + ["verdict.fewest=1000", "--only", "joined"]
      let outcome = try workspace.winnow(["run", "verdict.pipeline"] + eager)
      outcome.expect()
      func root(_ stage: String) throws -> Group { try workspace.artifact(stage, of: "verdict").root }
      #expect(try root("joint").attribute("verdict", as: String.self) == "poisoned")
      #expect(
        try root("joint").read("suspects", as: Int.self)
          == root("first_verdict").read("suspects", as: Int.self))
      let metrics = try root("joined").group("metrics")
      #expect(try metrics.readScalar("called_poisoned", as: Double.self) == 1)
      let both = try workspace.winnow(["run", "verdict.pipeline", "joint.votes=2"] + eager)
      both.expect()
      #expect(try root("joint").attribute("verdict", as: String.self) != "poisoned")
      #expect(both.output.contains("no image is named by more than 1 of the joined verdicts, and 2 are asked for"))
    }
  }
}
