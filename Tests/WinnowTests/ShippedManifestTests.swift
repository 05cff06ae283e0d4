import Foundation
import Testing

extension CommandTests {
  /// The manifests that come with the program.
  @Suite struct ShippedManifests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "pipelines")

    private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { $0.hasSuffix(".pipeline") }.sorted()

    @Test func thereAreManifests() {
      #expect(Self.names.contains("quickstart.pipeline"))
      #expect(Self.names.contains("dbr.pipeline"))
    }

    /// The example that 'run --help' gives.
    @Test func theExampleOfTheHelp() throws {
      let path = Self.folder.appending(path: "dbr.pipeline").path
      let arguments = ["attack=blend-strip", "--only", "split"]
      let help = try Workspace.reference.winnow(["run", "--help"]).output
      #expect(help.contains("winnow run pipelines/dbr.pipeline \(arguments.joined(separator: " "))\n"))
      let outcome = try Workspace.reference.winnow(["run", "-n", path, "data=data"] + arguments)
      outcome.expect()
      #expect(outcome.output.contains("stale  split"))
    }

    /// Only the place of the data is another one.
    @Test(arguments: names) func hasNoErrors(_ name: String) throws {
      let path = Self.folder.appending(path: name).path
      let outcome = try Workspace.reference.winnow(["check", path, "data=data"])
      outcome.expect()
      #expect(outcome.messages.isEmpty, "no warnings either: \(outcome.messages)")
      #expect(outcome.output.hasSuffix("stages, no errors\n"))
    }
  }
}
