/// Which statistics batch normalisation uses.
public enum NetworkMode: Sendable {
  /// The batch's, which also move the running ones: training.
  case training
  /// The batch's; the running ones stay.
  case trainingWithFixedStatistics
  /// The running ones: evaluation. There is no backward pass.
  case evaluation

  var usesBatchStatistics: Bool { self != .evaluation }
  var updatesStatistics: Bool { self == .training }
}
