import Foundation
import SystemPackage
import Testing

/// Compares a text with a file that holds what is expected.
///
/// `WINNOW_UPDATE_GOLDEN=1 swift test` writes what comes out into the file; read the difference before you
/// commit it.
package func checkGolden(
  _ text: String, against path: FilePath, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let url = URL(fileURLWithPath: path.string)
  if ProcessInfo.processInfo.environment["WINNOW_UPDATE_GOLDEN"] == "1" {
    try Data(text.utf8).write(to: url)
    return
  }
  let expected = try? String(contentsOf: url, encoding: .utf8)
  #expect(text == expected, "\(path) differs", sourceLocation: sourceLocation)
}
