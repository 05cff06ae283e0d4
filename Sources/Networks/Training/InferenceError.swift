/// What can go wrong while a network is run.
package enum InferenceError: Error, Hashable, Sendable {
  /// A logit of an image, counted from 0, is NaN or infinite, so that no class is its prediction.
  case notFinite(image: Int, label: Int)
}

extension InferenceError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFinite(let image, let label):
      """
      the model's output for image \(image) (of class \(label)) is NaN or infinite, so that it predicts \
      nothing: its weights are broken or far too large; train it again with a lower learning rate
      """
    }
  }
}
