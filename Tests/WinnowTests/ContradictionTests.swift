import Foundation
import Glibc
import HDF5
import Testing

extension CommandTests {
  /// The stage of kind `contradiction`, which trains several networks one after the other.
  @Suite struct Contradiction {
    /// All pairs of networks are trained, whatever the first one says.
    private static let manifest = """
      stage train : load
          path  = data
          split = train

      stage received : poison
          images <- train
          attack = badnets-all2all
          rate   = 30%

      stage first : train
          images <- received
          width  = 2
          epochs = 1

      stage fit : label-fit
          images <- received
          model  <- first

      stage check : check
          images <- received
          model  <- first
          scores <- fit
          base   = rank
          steps  = 260

      stage contradiction : contradiction
          images            <- received
          check             <- check
          confident         = 100%
          most-contradicted = 100%
          fewest            = 1
          foretold          = 0%
          beyond-usual      = -1
          pure              = 0%
          passes            = 2
          steps             = 65
          later-steps       = 65
      """

    private func workspace() throws -> Workspace { try Workspace(manifest: Self.manifest) }

    @Test func whatItWrites() throws {
      let workspace = try workspace()
      try workspace.run().expect()
      let root = try workspace.artifact("contradiction").root
      let scores = try root.read("scores", as: Double.self)
      #expect(scores.count == 300 && scores.allSatisfy { $0 > 0 && $0 < 1 })
      let check = try workspace.artifact("check").root
      let labels = try workspace.artifact("received").root.read("labels", as: Int.self)
      let taken = try check.read("predictions", as: Int.self)
      #expect(try root.read("contradicts", as: Double.self) == zip(taken, labels).map { $0 == $1 ? 0 : 1 })
      #expect(try root.attribute("trained", as: String.self) == "yes")
      #expect(try root.attribute("evidence_size", as: Int.self) > 0)
      // Where the first pair finds nothing, as with more evidence asked for than there are images, it remains alone.
      let usual = try workspace.run("contradiction.fewest=301")
      usual.expect(messages: "network 2, tenth 10 of 10")
      #expect(!usual.messages.contains("network 3"))
      #expect(try workspace.artifact("contradiction").root.attribute("found", as: String.self) == "no")
    }

    /// Stopped in each of the networks, with another number of threads every time: the same bytes.
    @Test func stoppedRunsEndTheSame() throws {
      let workspace = try workspace()
      try workspace.run().expect()
      let whole = try workspace.artifacts()
      try FileManager.default.removeItem(at: workspace.folder.appending(path: "artifacts"))
      try workspace.run("--only", "check").expect()
      for (index, (signal, saved)) in [(SIGKILL, 3), (SIGINT, 9), (SIGTERM, 12), (SIGKILL, 8)].enumerated() {
        let command = try workspace.start(
          ["run", "test.pipeline", "--checkpoint", "0"], threads: 1 + index % 2, stopsAtCheckpoints: true)
        try #require(command.goesOnToCheckpoint(saved, of: "contradiction"), "\(command.messages)")
        command.send(signal)
        let outcome = try command.outcome()
        #expect(outcome.signal == signal || outcome.status == 128 + signal, "\(outcome.messages)")
      }
      let last = try workspace.run()
      last.expect()
      // Three networks of the four were behind it.
      #expect(last.messages.contains("network 4, ") && !last.messages.contains("network 2, "), "\(last.messages)")
      expectEqual(try workspace.artifacts(), whole)
    }

    /// A thousand real images, in a fifth of which a patch moves the label on by one, and the same without: the patch is
    /// found, most of it is marked and little else, and nothing in the clean ones.
    @Test(
      .enabled(
        if: FileManager.default.fileExists(atPath: "/usr/share/datasets/fashion-mnist"),
        "the package dataset-fashion-mnist is not installed"))
    func whatDependsOnTheImageIsFound() throws {
      let workspace = try Workspace(manifest: Self.realManifest)
      try workspace.run().expect()
      func root(_ name: String) throws -> HDF5.Group { try workspace.artifact("contradiction[audited=\(name)]").root }
      #expect(try root("train").attribute("found", as: String.self) == "no")
      #expect(try root("received").attribute("found", as: String.self) == "yes")
      let truth = try workspace.artifact("received").root.read("truth/is_poisoned", as: UInt8.self)
      let marked = try root("received").read("scores", as: Double.self).map { $0 >= 0.5 }
      let right = marked.indices.count { marked[$0] && truth[$0] == 1 }
      #expect(truth.count { $0 == 1 } == 200)
      #expect(right > 150 && Double(right) > 0.8 * Double(marked.count { $0 }), "\(right) of \(marked.count { $0 })")
    }

    /// The check network, which usually has a base without suspects, is trained on all images here.
    private static let realManifest = """
      each audited = train received

      stage train : load
          path  = /usr/share/datasets/fashion-mnist
          split = train
          count = 1_000

      stage received : poison
          images <- train
          attack = badnets-all2all
          rate   = 20%

      stage first : train
          images        <- $audited
          width         = 8
          normalization = measured
          epochs        = 1

      # Of no account where all images are the base.
      stage fit : label-fit
          images       <- $audited
          model        <- first
          superimposed = 1
          windows      = 0

      stage check : check
          images <- $audited
          model  <- first
          scores <- fit
          base   = rank
          share  = 100%
          steps  = 440

      stage contradiction : contradiction
          images      <- $audited
          check       <- check
          steps       = 440
          later-steps = 440
          passes      = 2
      """

    /// Scores of another kind are no finding.
    @Test func wrongInputs() throws {
      let workspace = try workspace()
      try workspace.write(
        Self.manifest + """


          stage judged : verdict
              images        <- received
              scores        <- fit
              check         <- check
              contradiction <- fit
          """, to: "other.pipeline")
      try workspace.winnow(["run", "other.pipeline", "--only", "judged"]).expect(
        status: 65,
        messages: "takes the scores of a stage of kind 'contradiction' alone, and these are 'label-fit'")
    }
  }
}
