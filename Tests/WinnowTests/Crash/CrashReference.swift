import Foundation
import Glibc
import Testing

/// A pipeline with every stage that trains, so small that it can be run hundreds of times.
struct CrashReference: Sendable {
  /// The undisturbed run.
  let workspace: Workspace
  let artifacts: [String: Data]
  let storedPaths: Set<String>
  /// The processor time that it took, with one thread and a checkpoint at every step: unlike the time on
  /// the clock it is the same on a busy machine.
  let seconds: Double

  static let manifest = TestManifest.text
    .replacing("stage before : evaluate", with: secureTraining + "\nstage before : evaluate")
    .replacing("split = train", with: "split = train\n    count = 60\n    size  = 16x16")
    .replacing("split = test", with: "split = test\n    count = 20\n    size  = 16x16")
    .replacing("epochs = 3", with: "epochs = 2")
    .replacing("epochs        = 3", with: "epochs        = 2")
    // Of 60 images: three steps an epoch.
    .replacing("= 16\n", with: "= 24\n")
    .replacing("let rounds = 3", with: "let rounds = 2")

  private static let secureTraining = """
    stage extractor : contrast
        images        <- poisoned
        split         <- split
        width         = 2
        stem          = stride-2
        epochs        = 3
        batch         = 16
        learning-rate = 0.1
        warmup        = 1

    stage secured : train-classifier
        images        <- poisoned
        split         <- split
        encoder       <- extractor
        epochs        = 3
        batch         = 4
        learning-rate = 0.5

    stage fit : label-fit
        images <- poisoned
        model  <- warmup

    stage confused : confusion
        images <- poisoned
        model  <- warmup
        scores <- fit
        steps  = 33
        batch  = 4

    stage checked : check
        images <- poisoned
        model  <- warmup
        scores <- confused
        steps  = 33
        batch  = 4

    stage judged : verdict
        images <- poisoned
        scores <- confused
        check  <- checked

    """

  static let stages =
    TestManifest.stages + ["extractor", "secured", "fit", "confused", "checked", "judged"]
  /// Those that save checkpoints.
  static let trainingStages = [
    "warmup", "fine_tuned", "backdoored", "repaired", "extractor", "secured", "confused", "checked",
  ]

  /// What all runs here are given.
  static let arguments = ["run", "test.pipeline", "--checkpoint", "0"]

  static var shared: CrashReference { get throws { try built.get() } }

  private static let built = Result {
    let workspace = try Workspace(manifest: manifest)
    let outcome = try workspace.winnow(arguments, threads: 1)
    outcome.expect()
    return CrashReference(
      workspace: workspace, artifacts: try workspace.artifacts(),
      storedPaths: try workspace.storedPaths(), seconds: outcome.processorTime)
  }

  /// Goes through cases two at a time: each keeps one core busy.
  static func forEach(
    _ count: Int, _ body: @escaping @Sendable (_ index: Int) throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for lane in 0..<2 {
        group.addTask { for index in stride(from: lane, to: count, by: 2) { try body(index) } }
      }
      try await group.waitForAll()
    }
  }

  /// Runs a struck workspace to its end, and says what is not as in the undisturbed run.
  ///
  /// - Parameter isFaulty: Whether it is `FaultyWinnow` that was struck: checkpoints are used by the program
  ///   that wrote them, so it goes on itself, without any fault.
  func differences(
    afterResuming struck: Workspace, threads: Int, isFaulty: Bool = false
  ) throws -> String? {
    let outcome =
      try isFaulty
      ? struck.start(["test.pipeline", "trace"], program: "FaultyWinnow", threads: threads).outcome()
      : struck.winnow(Self.arguments, threads: threads)
    guard outcome.status == 0 else {
      return "the next run ended with \(outcome.status ?? -1): \(outcome.messages)"
    }
    let found = try struck.artifacts()
    let names = Set(found.keys).union(artifacts.keys).filter { found[$0] != artifacts[$0] }
    if !names.isEmpty { return "other bytes: \(names.sorted())" }
    let paths = try struck.storedPaths().symmetricDifference(storedPaths)
    return paths.isEmpty ? nil : "left over or missing: \(paths.sorted())"
  }
}
