import Foundation
import Testing

extension CommandTests {
  /// Networks beyond what memory there is: refused by every stage that makes one, before it tries.
  ///
  /// The limit is one on addresses, which stands for a small machine.
  @Suite struct Memory {
    /// Networks of some size are trained on a few images in small batches; then they are to be used in
    /// larger ones.
    private static let manifest = """
      include test.pipeline

      stage few : load
          path  = data
          split = train
          count = 10

      stage large : train
          images <- few
          width  = 64
          stem   = plain
          epochs = 1
          batch  = 10

      stage few_scores : fct
          images <- few
          model  <- warmup

      stage few_named : split
          scores   <- few_scores
          images   <- few
          clean    = 50%
          poisoned = 20%

      stage large_encoder : contrast
          images <- few
          split  <- few_named
          width  = 64
          epochs = 1
          batch  = 5
          warmup = 0

      """

    private static let users = """
      stage trained : train
          images <- train
          width  = 64
          stem   = plain
          batch  = 200

      stage contrasted : contrast
          images <- train
          split  <- split
          width  = 16
          batch  = 8192
          warmup = 0

      stage large_tuned : intra-class
          images <- train
          model  <- large
          batch  = 200

      stage scored : fct
          images <- train
          model  <- large

      stage unlearned : repair
          images <- train
          model  <- large
          split  <- split
          batch  = 200

      stage classified : train-classifier
          images  <- train
          split   <- split
          encoder <- large_encoder
          loss    = cross-entropy
          batch   = 200

      stage measured : evaluate
          model  <- large
          images <- test
      """

    @Test func noStageTriesWhatCannotBe() throws {
      let workspace = try Workspace(copyOf: .reference, isOnDisk: true)
      try workspace.write(Self.manifest, to: "large.pipeline")
      try workspace.winnow(["run", "large.pipeline"]).expect()
      try workspace.write(Self.manifest + Self.users, to: "large.pipeline")
      // OpenBLAS starts a thread for every core when it is loaded, and each has addresses of its own.
      let script = """
        export OPENBLAS_NUM_THREADS=1
        ulimit -v 400000 && exec "$0" run --keep-going large.pipeline
        """
      let outcome = try workspace.start(
        ["-c", script, Command.path(of: "winnow")], program: "/bin/sh", threads: 1
      ).outcome()
      outcome.expect(status: 65, messages: "error: 7 stages failed:")
      #expect(outcome.built.isEmpty)
      for stage in [
        "trained", "contrasted", "large_tuned", "scored", "unlearned", "classified", "measured",
      ] {
        let message = "stage '\(stage)' failed: a network of width "
        #expect(outcome.messages.contains(message), "\(outcome.messages)")
      }
      #expect(outcome.messages.contains("GB; lower 'width' or 'batch'"))
    }
  }
}
