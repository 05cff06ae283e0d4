import Foundation
import SystemPackage
import Testing

/// Files with the expected output of a test, beside the tests.
///
/// `WINNOW_UPDATE_GOLDEN=1 swift test` writes what comes out into them; read the difference before you
/// commit it.
enum Golden {
  static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("Golden")

  static func check(
    _ text: String, against name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let url = URL(fileURLWithPath: folder.pushing(FilePath(name)).string)
    if ProcessInfo.processInfo.environment["WINNOW_UPDATE_GOLDEN"] == "1" {
      try Data((text + "\n").utf8).write(to: url)
      return
    }
    let expected = try? String(contentsOf: url, encoding: .utf8)
    #expect(text + "\n" == expected, "\(name) differs", sourceLocation: sourceLocation)
  }
}
