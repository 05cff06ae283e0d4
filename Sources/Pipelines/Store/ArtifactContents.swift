import HDF5
import SystemPackage

/// What an HDF5 file holds, for people to read.
package struct ArtifactContents: Sendable {
  /// A group or a dataset.
  package struct Entry: Sendable {
    /// From the root: `/truth/poisoned`.
    package let path: String
    /// "int64 [10000]"; `nil` for groups.
    package let type: String?
    package let attributes: [(name: String, value: String)]
  }

  /// Every group before what is in it, by name.
  package let entries: [Entry]

  /// Lists a file. Its bytes should have been verified.
  ///
  /// - Throws: `HDF5Error`.
  package init(of path: FilePath) throws {
    let file = try HDF5.File.open(at: path)
    var entries: [Entry] = []
    try Self.list(try file.root, into: &entries)
    try file.close()
    self.entries = entries
  }

  /// The texts in a file's root, each a dataset with one string.
  ///
  /// - Throws: `HDF5Error`.
  package static func texts(of path: FilePath) throws -> [(name: String, text: String)] {
    let file = try HDF5.File.open(at: path)
    let root = try file.root
    let texts: [(String, String)] = try root.names.compactMap { name in
      guard let dataset = try root.object(name) as? Dataset, dataset.elementType == .string,
        dataset.shape.isEmpty
      else { return nil }
      return try dataset.readStrings().first.map { (name, $0) }
    }
    try file.close()
    return texts
  }

  private static func list(_ group: Group, into entries: inout [Entry]) throws {
    entries.append(Entry(path: group.path, type: nil, attributes: try attributes(of: group)))
    for name in try group.names {
      switch try group.object(name) {
      case let group as Group:
        try list(group, into: &entries)
      case let dataset as Dataset:
        let shape = dataset.shape.map(String.init).joined(separator: ", ")
        entries.append(
          Entry(
            path: dataset.path, type: "\(dataset.elementType) [\(shape)]",
            attributes: try attributes(of: dataset)))
      default:
        continue
      }
    }
  }

  private static func attributes(of object: Object) throws -> [(name: String, value: String)] {
    try object.attributeNames.map { ($0, text(of: try object.attribute($0))) }
  }

  private static func text(of value: AttributeValue) -> String {
    switch value {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .double(let number): "\(number)"
    case .strings(let values): list(values)
    case .integers(let values): list(values)
    case .doubles(let values): list(values)
    }
  }

  private static func list(_ values: [some CustomStringConvertible]) -> String {
    let shown = values.prefix(12).map(\.description).joined(separator: ", ")
    return values.count > 12 ? "\(shown), … (\(values.count))" : shown
  }
}
