/// The declaration of one input of a stage.
package struct InputDeclaration: Sendable {
  /// How many stages may be connected.
  package enum Count: Sendable {
    case one
    case optional
    /// One or more, in the order of the manifest: `evaluations <- before after`.
    case many
    /// As `many`, or none.
    case any

    var isRequired: Bool { self == .one || self == .many }

    var takesSeveral: Bool { self == .many || self == .any }
  }

  package let name: String
  /// The types of artifact that it accepts.
  package let accepts: [ArtifactType]
  package let count: Count
  package let summary: String

  /// An input for one artifact of one type.
  package init(_ name: String, _ accepts: ArtifactType, _ summary: String) {
    self.init(name, accepts, count: .one, summary)
  }

  package init(_ name: String, _ accepts: ArtifactType..., count: Count, _ summary: String) {
    self.name = name
    self.accepts = accepts
    self.count = count
    self.summary = summary
  }
}
