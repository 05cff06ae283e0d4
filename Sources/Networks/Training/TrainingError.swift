/// What can go wrong while a network is trained.
package enum TrainingError: Error, Hashable, Sendable {
  /// A number became infinite or not a number. Epoch and step are counted from 1.
  case notFinite(what: String, epoch: Int, pass: String, step: Int)
}

extension TrainingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFinite(let what, let epoch, let pass, let step):
      """
      \(what) is no longer a finite number in epoch \(epoch), \(pass), step \(step): training has \
      diverged; a lower learning rate is the usual cure
      """
    }
  }
}
