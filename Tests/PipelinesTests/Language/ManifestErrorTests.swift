import Foundation
import Pipelines
import SystemPackage
import TestSupport
import Testing

/// Manifests with errors in `Golden/Manifests` and what is printed about them.
///
/// A first line `# with: a=b c=d` holds overrides. Files in folders are there to be included.
@Suite struct ManifestErrorTests {
  static let folder = Golden.folder.appending("Manifests")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
    return files.filter { $0.hasSuffix(".pipeline") }.sorted()
  }()

  @Test func thereAreManifests() { #expect(Self.names.count >= 40) }

  @Test(arguments: names) func printsWhatIsWrong(_ name: String) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.folder.appending(name).string))
    let first = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    let overrides = first.hasPrefix("# with: ") ? first.dropFirst(8).split(separator: " ") : []

    let text: String
    do {
      let warnings = try Manifest.load(
        path: FilePath(name), overrides: overrides.map(String.init),
        catalogue: ExampleStages.catalogue, directory: Self.folder
      ).warnings
      #expect(!warnings.isEmpty)
      text = warnings.map(\.rendered).joined(separator: "\n")
    } catch {
      #expect(error.diagnostics.contains { $0.severity == .error })
      text = error.description
    }
    try Golden.check(text, against: "Manifests/\(name.replacing(".pipeline", with: ".txt"))")
  }

  @Test func missingManifest() throws {
    let folder = try TemporaryFolder()
    let errors = try folder.errors("a=b")
    #expect(
      errors.map(\.rendered)
        == ["x.pipeline: error: cannot read 'x.pipeline': No such file or directory"])
  }

  @Test func somethingElseThanAManifest() throws {
    let folder = try TemporaryFolder()
    try folder.write([UInt8](repeating: 65, count: 2 << 20), to: "x.pipeline")
    #expect(
      try folder.errors().map(\.message)
        == ["'x.pipeline' is larger than 256 KiB: this cannot be a manifest"])
    try folder.write([], to: "y.pipeline/a")
    #expect(throws: ManifestError.self) {
      try Manifest.load(
        path: "y.pipeline", catalogue: ExampleStages.catalogue, directory: folder.path)
    }
  }
}
