/// A named place of a network where its numbers are read, or where a loss is measured.
public struct Tap: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }

  /// What goes into the last linear layer: the features of FCT.
  public static let features: Tap = "features"
  /// What the last linear layer gives, `[classes]`.
  public static let logits: Tap = "logits"
  /// Unit vectors of a projection head.
  public static let embeddings: Tap = "embeddings"
}
