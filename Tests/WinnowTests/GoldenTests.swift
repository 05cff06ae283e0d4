import Foundation
import Stages
import Testing

extension CommandTests {
  /// What the command says about itself, against files in `Golden`.
  ///
  /// `WINNOW_UPDATE_GOLDEN=1 swift test` writes them anew; read the difference before you commit it.
  @Suite struct GoldenFiles {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden")

    private func check(_ arguments: [String], against name: String) throws {
      let outcome = try Workspace.reference.winnow(arguments)
      outcome.expect()
      let url = Self.folder.appending(path: name + ".txt")
      if ProcessInfo.processInfo.environment["WINNOW_UPDATE_GOLDEN"] == "1" {
        try Data(outcome.output.utf8).write(to: url)
        return
      }
      let expected = try? String(contentsOf: url, encoding: .utf8)
      #expect(outcome.output == expected, "\(name) differs")
    }

    @Test func help() throws { try check(["--help"], against: "help") }

    @Test(arguments: [
      "run", "status", "check", "graph", "stages", "show", "report", "verify", "clean",
    ])
    func helpOfSubcommand(_ name: String) throws { try check([name, "--help"], against: "help-\(name)") }

    @Test func stages() throws { try check(["stages"], against: "stages") }

    @Test(arguments: catalogue.stages.map { $0.declaration.kind })
    func stage(_ kind: String) throws { try check(["stages", kind], against: "stages-\(kind)") }

    @Test func graph() throws {
      try check(["graph", "test.pipeline"], against: "graph")
      try check(["graph", "--dot", "test.pipeline"], against: "graph-dot")
    }

    /// A file for a kind or subcommand that is no more would tell nothing.
    @Test func noFileIsLeftOver() throws {
      let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        .filter { $0.hasPrefix("stages-") }.sorted()
      #expect(files == catalogue.stages.map { "stages-\($0.declaration.kind).txt" }.sorted())
    }
  }
}
