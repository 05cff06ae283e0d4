import SystemPackage
import TestSupport
import Testing

/// Files with the expected output of a test, beside the tests. Each ends in a line feed.
enum Golden {
  static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("Golden")

  static func check(
    _ text: String, against name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try checkGolden(
      text + "\n", against: folder.pushing(FilePath(name)), sourceLocation: sourceLocation)
  }
}
