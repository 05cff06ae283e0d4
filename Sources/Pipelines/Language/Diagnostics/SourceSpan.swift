/// A stretch of one line of a manifest, with the line itself so that it can be shown.
package struct SourceSpan: Hashable, Sendable {
  package let location: SourceLocation
  /// In characters.
  package let length: Int
  /// The whole line; `nil` where there is none to show, as for a file that cannot be read.
  package let line: String?

  package init(location: SourceLocation, length: Int, line: String?) {
    self.location = location
    self.length = length
    self.line = line
  }
}
