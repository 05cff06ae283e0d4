/// A place in a manifest.
package struct SourceLocation: Hashable, Sendable {
  /// The file's path as the user would write it, or `command line` for overrides.
  package let file: String
  /// Counted from 1.
  package let line: Int
  /// In characters, counted from 1.
  package let column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}
