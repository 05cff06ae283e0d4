/// What an artifact holds, as far as the graph must know to connect an output to an input.
///
/// The runner attaches no meaning to the name; the stages that write and read it do.
public struct ArtifactType: Hashable, Sendable, CustomStringConvertible {
  public let name: String

  public init(_ name: String) { self.name = name }

  public var description: String { name }
}
