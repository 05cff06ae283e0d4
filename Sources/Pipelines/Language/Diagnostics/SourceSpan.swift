/// A stretch of one line of a manifest, with the line itself so that it can be shown.
public struct SourceSpan: Hashable, Sendable {
  public let location: SourceLocation
  /// In characters.
  public let length: Int
  /// The whole line; `nil` where there is none to show, as for a file that cannot be read.
  public let line: String?

  public init(location: SourceLocation, length: Int, line: String?) {
    self.location = location
    self.length = length
    self.line = line
  }
}
