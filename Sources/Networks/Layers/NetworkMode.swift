/// Which statistics batch normalisation uses, and whether dropout drops.
package enum NetworkMode: Hashable, Sendable {
  /// The batch's statistics, which also move the running ones; dropout: training.
  case training
  /// The batch's statistics, the running ones stay; dropout.
  case trainingWithFixedStatistics
  /// The running statistics, no dropout: evaluation. Batch normalisation has no backward pass then.
  case evaluation
  /// As `evaluation`, but with a backward pass: for gradients with respect to the input, and for training
  /// with frozen statistics.
  case differentiableEvaluation

  var usesBatchStatistics: Bool { self == .training || self == .trainingWithFixedStatistics }
  var updatesStatistics: Bool { self == .training }
}
