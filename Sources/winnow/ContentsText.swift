import Pipelines
import Reports

/// What an HDF5 file holds, as `show` prints it.
struct ContentsText {
  private let contents: ArtifactContents

  init(_ contents: ArtifactContents) { self.contents = contents }

  var text: String {
    let lines = AlignedText.lines(contents.entries.map { [$0.path, $0.type ?? ""] })
    return zip(lines, contents.entries).flatMap { line, entry in
      // The facts above say the same in more detail.
      let attributes = entry.attributes.filter { !$0.name.hasPrefix("provenance.") }
      return [line] + attributes.map { "    \($0.name): \($0.value)" }
    }.joined(separator: "\n")
  }
}
