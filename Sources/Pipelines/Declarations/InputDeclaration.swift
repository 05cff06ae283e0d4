/// The declaration of one input of a stage.
public struct InputDeclaration: Sendable {
  /// How many stages may be connected.
  public enum Count: Sendable {
    case one
    case optional
    /// One or more, in the order of the manifest: `evaluations <- before after`.
    case many
  }

  public let name: String
  /// The types of artifact that it accepts.
  public let accepts: [ArtifactType]
  public let count: Count
  public let summary: String

  /// An input for one artifact of one type.
  public init(_ name: String, _ accepts: ArtifactType, _ summary: String) {
    self.init(name, accepts, count: .one, summary)
  }

  public init(_ name: String, _ accepts: ArtifactType..., count: Count, _ summary: String) {
    self.name = name
    self.accepts = accepts
    self.count = count
    self.summary = summary
  }
}
