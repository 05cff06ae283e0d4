/// A place in a manifest.
public struct SourceLocation: Hashable, Sendable {
  /// The file's path as the user would write it, or `command line` for overrides.
  public let file: String
  /// Counted from 1.
  public let line: Int
  /// In characters, counted from 1.
  public let column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}
