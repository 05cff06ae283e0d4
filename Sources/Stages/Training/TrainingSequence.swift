import Networks
import Pipelines

/// Networks that a stage trains one after the other, where what is next depends on what those before have given. It is
/// stopped and resumed in the middle of any of them.
struct TrainingSequence {
  let context: StageContext
  /// What the parts of a training are called.
  let unit: String

  /// Trains until there is no next network.
  ///
  /// - Parameters:
  ///   - next: the training after those that gave these results; `nil` ends the sequence. It must depend on nothing
  ///     else.
  ///   - result: what a trained network gives, such as a number for each image; `before` is what those before gave.
  /// - Returns: what each gave.
  /// - Throws: `StageInterrupted` after saving a checkpoint, and what the closures throw.
  func run(
    next: ([[Double]]) throws -> TrainingLoop?, result: (TrainingLoop, _ before: [[Double]]) throws -> [Double]
  ) throws -> [[Double]] {
    var results: [[Double]] = []
    if let checkpoint = try context.checkpoints.latest() {
      results = try CheckpointedTraining.readResults(checkpoint)
      try checkpoint.close()
    }
    while let loop = try next(results) {
      try CheckpointedTraining.run(
        loop, in: context, unit: "network \(results.count + 1), \(unit)", after: results)
      results.append(try result(loop, results))
    }
    return results
  }
}
