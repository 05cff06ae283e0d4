import Pipelines

/// What an HDF5 file holds, as `show` prints it.
struct ContentsText {
  private let contents: ArtifactContents

  init(_ contents: ArtifactContents) { self.contents = contents }

  var text: String {
    let width = contents.entries.map(\.path.count).max() ?? 0
    return contents.entries.flatMap { entry in
      let padding = String(repeating: " ", count: width - entry.path.count)
      let line = entry.type.map { "\(entry.path)\(padding)  \($0)" } ?? entry.path
      // The facts above say the same in more detail.
      let attributes = entry.attributes.filter { !$0.name.hasPrefix("provenance.") }
      return [line] + attributes.map { "    \($0.name): \($0.value)" }
    }.joined(separator: "\n")
  }
}
