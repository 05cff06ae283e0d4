import Foundation
import Glibc
import HDF5
import Testing

/// The pipeline of `TestManifest` with all defences that the method is compared with on its backdoored model.
enum ComparisonWorkspace {
  static let pipeline = "comparisons"

  static let manifest = """
    include test.pipeline

    stage vouched : clean-sample
        images <- train
        share  = 10%

    stage tuned : fine-tune
        images <- vouched
        model  <- backdoored
        epochs = 3
        batch  = 8

    stage pruned : fine-pruning
        images <- vouched
        model  <- backdoored
        epochs = 2
        batch  = 8

    stage masked : anp
        images <- vouched
        model  <- backdoored
        epochs = 3
        batch  = 8
        rule   = fixed
        threshold = 0.9

    stage distilled : nad
        images  <- vouched
        model   <- backdoored
        teacher <- tuned
        epochs  = 2
        batch   = 8
        learning-rate = 0.01

    stage connected : mcr
        images <- vouched
        model  <- backdoored
        end    <- tuned
        epochs = 2
        batch  = 8

    stage isolating : train
        images    <- poisoned
        width     = 4
        epochs    = 2
        batch     = 16
        loss      = abl
        threshold = 2

    stage low_loss : abl-loss
        images <- poisoned
        model  <- isolating

    stage semi_supervised : mixmatch
        images <- poisoned
        model  <- warmup
        split  <- split
        epochs = 2
        batch  = 16

    stage symmetric : sce
        images <- poisoned
        model  <- warmup

    stage clusters : activation-clustering
        images <- poisoned
        model  <- warmup

    """

  /// The undisturbed run. Do not change it: copy it.
  static let built = Result {
    let workspace = try Workspace(copyOf: .reference)
    try workspace.write(manifest, to: "\(pipeline).pipeline")
    return (workspace: workspace, outcome: try run(workspace))
  }

  static func run(_ workspace: Workspace, _ arguments: String..., threads: Int = 1) throws -> Outcome {
    try workspace.winnow(["run", "\(pipeline).pipeline"] + arguments, threads: threads)
  }

  /// A copy of the undisturbed run.
  static func copy() throws -> Workspace { try Workspace(copyOf: built.get().workspace) }

  static func root(_ stage: String, _ workspace: Workspace? = nil) throws -> HDF5.Group {
    try (workspace ?? built.get().workspace).artifact(stage, of: pipeline).root
  }

  static func weights(_ stage: String, _ workspace: Workspace? = nil) throws -> [String: [Float]] {
    let group = try root(stage, workspace).group("state_dict")
    var result: [String: [Float]] = [:]
    for name in try group.names where !name.hasSuffix("num_batches_tracked") {
      result[name] = try group.read(name)
    }
    return result
  }

  static func history(_ stage: String, _ column: String) throws -> [Double] {
    try root(stage).group("history").read(column)
  }
}

extension CommandTests {
  /// What all of them have in common.
  @Suite struct Comparisons {
    @Test func everythingRuns() throws {
      try ComparisonWorkspace.built.get().outcome.expect()
    }

    /// The same bytes from one thread and from four.
    @Test func threadsDoNotMatter() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        ComparisonWorkspace.manifest, to: "\(ComparisonWorkspace.pipeline).pipeline")
      try ComparisonWorkspace.run(workspace, threads: 4).expect()
      expectEqual(
        try workspace.artifacts(of: ComparisonWorkspace.pipeline),
        try ComparisonWorkspace.built.get().workspace.artifacts(of: ComparisonWorkspace.pipeline))
    }

    /// Killed in each repair after a checkpoint, and run again.
    @Test func killedRunsEndTheSame() throws {
      let workspace = try Workspace(copyOf: .reference)
      try workspace.write(
        ComparisonWorkspace.manifest, to: "\(ComparisonWorkspace.pipeline).pipeline")
      for stage in ["tuned", "pruned", "masked", "distilled", "connected", "isolating", "semi_supervised"] {
        let command = try workspace.start(
          ["run", "\(ComparisonWorkspace.pipeline).pipeline", "--only", stage, "--checkpoint", "0"],
          stopsAtCheckpoints: true)
        try #require(command.goesOnToCheckpoint(3, of: stage), "\(command.messages)")
        command.send(SIGKILL)
        #expect(try command.outcome().signal == SIGKILL)
      }
      try ComparisonWorkspace.run(workspace).expect()
      expectEqual(
        try workspace.artifacts(of: ComparisonWorkspace.pipeline),
        try ComparisonWorkspace.built.get().workspace.artifacts(of: ComparisonWorkspace.pipeline))
    }

    /// Every column of every history is a metric that says what it is.
    @Test(arguments: ["tuned", "pruned", "masked", "distilled", "connected", "isolating", "semi_supervised"])
    func historiesSayWhatTheyAre(_ stage: String) throws {
      let history = try ComparisonWorkspace.root(stage).group("history")
      for name in try history.names {
        let column = try history.dataset(name)
        #expect(try column.attribute("definition", as: String.self).count > 20, "\(stage): \(name)")
      }
    }
  }
}
