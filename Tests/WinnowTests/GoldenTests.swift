import Foundation
import Stages
import SystemPackage
import TestSupport
import Testing

extension CommandTests {
  /// What the command says about itself, against files in `Golden`.
  @Suite struct GoldenFiles {
    private static let folder = FilePath(#filePath).removingLastComponent().appending("Golden")

    private func check(_ arguments: [String], against name: String) throws {
      let outcome = try Workspace.reference.winnow(arguments)
      outcome.expect()
      try checkGolden(outcome.output, against: Self.folder.appending(name + ".txt"))
    }

    @Test func help() throws { try check(["--help"], against: "help") }

    @Test(arguments: [
      "audit", "run", "plan", "costs", "status", "check", "graph", "stages", "show", "report", "export", "verify", "clean",
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
      let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.string)
        .filter { $0.hasPrefix("stages-") }.sorted()
      #expect(files == catalogue.stages.map { "stages-\($0.declaration.kind).txt" }.sorted())
    }
  }
}
