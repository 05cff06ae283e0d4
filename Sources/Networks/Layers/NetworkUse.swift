/// What a network is made for, which decides how much memory it takes.
package enum NetworkUse: Hashable, Sendable {
  /// For backward passes: every value is there until the next forward pass.
  case training
  /// For forward passes in evaluation mode: maps that nothing reads any more give their memory to others. Vectors
  /// keep theirs, so that a classifier on the features of a frozen network can be trained.
  case inference

  /// The taps that inference keeps unless told otherwise.
  package static let usualTaps: Set<Tap> = [.features, .logits]
}
