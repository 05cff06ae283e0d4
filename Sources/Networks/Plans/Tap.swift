/// A named place of a network where its numbers are read, or where a loss is measured.
package struct Tap: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
  package init(stringLiteral value: String) { rawValue = value }

  /// What goes into the last linear layer: the features of FCT.
  package static let features: Tap = "features"
  /// What the last linear layer gives, `[classes]`.
  package static let logits: Tap = "logits"
  /// Unit vectors of a projection head.
  package static let embeddings: Tap = "embeddings"
}
