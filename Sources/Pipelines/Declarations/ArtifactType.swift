/// What an artifact holds, as far as the graph must know to connect an output to an input.
///
/// The runner attaches no meaning to the name; the stages that write and read it do.
package struct ArtifactType: Hashable, Sendable, CustomStringConvertible {
  package let name: String

  package init(_ name: String) { self.name = name }

  package var description: String { name }
}
