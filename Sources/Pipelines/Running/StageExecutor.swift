import SystemPackage

/// Does the own work of stages that are ready: the threads of this process, or jobs on other machines.
///
/// The runner plans, publishes and writes records; an executor is given a `StageTask` and says how it ended.
/// All functions are called on the thread of the run.
package protocol StageExecutor: AnyObject {
  /// Whether stages share this machine, its threads and its memory; otherwise the executor decides what each
  /// gets.
  var sharesMachine: Bool { get }

  /// A path for the file of a stage.
  ///
  /// - Throws: `PipelineError` when nothing can be written there.
  func output(for fingerprint: Digest) throws -> FilePath

  /// Begins a stage's work.
  ///
  /// - Parameters:
  ///   - number: comes back from `next`.
  ///   - stops: requests to stop.
  func start(_ task: StageTask, _ kind: any Stage.Type, number: Int, stops: [Interruption])

  /// Waits for a stage that has ended; there is one that has been started.
  func next() -> (number: Int, outcome: StageOutcome)

  /// Removes what was kept for a stage that has failed, or whose file was published.
  func remove(_ task: StageTask)
}
