import Foundation
import Pipelines
import Stages
import SystemPackage
import Testing

/// The manifests under `pipelines/`: each is valid, and says nothing that has no effect.
@Suite struct ShippedManifestTests {
  static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().appending("pipelines")

  static let names: [String] = ["", "paper/", "paper/small/", "paper/half/"].flatMap { place in
    let path = folder.string + "/" + place
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return files.filter { $0.hasSuffix(".pipeline") }.sorted().map { place + $0 }
  }

  /// Loads a manifest with some folder in the place of its images, which need not be there.
  private func load(_ name: String, _ overrides: String...) throws -> (Pipeline, [Diagnostic]) {
    try Manifest.load(
      path: FilePath(name), overrides: ["data=."] + overrides, catalogue: catalogue,
      directory: Self.folder)
  }

  @Test func thereAreManifests() { #expect(Self.names.count >= 40) }

  @Test(arguments: names) func isValid(_ name: String) throws {
    let (pipeline, warnings) = try load(name)
    #expect(!pipeline.stages.isEmpty)
    #expect(warnings.map(\.rendered) == [])
  }

  /// The defaults of included files: the published settings, those for small sets in their place, and the
  /// command line above both.
  @Test func settingsComeFromTheFirstThatHasThem() throws {
    func value(_ stage: String, _ parameter: String, _ loaded: (Pipeline, [Diagnostic])) throws -> String {
      let index = try #require(loaded.0.index(of: stage))
      return try #require(loaded.0.stages[index].parameters[parameter]?.canonical)
    }
    let (published, small) = (try load("dbr.pipeline"), try load("dbr-small.pipeline"))
    let audit = try load("audit.pipeline", "width=32", "epochs=9")
    for (stage, parameter, expected) in [
      ("warmup", "width", ["64", "16", "32"]), ("warmup", "batch", ["128", "32", "32"]),
      ("warmup", "normalization", ["cifar10", "cifar10", "measured"]),
      ("backdoored", "epochs", ["200", "15", "9"]), ("split", "clean", ["0.2", "0.5", "0.5"]),
      ("repaired", "order", ["alternate", "joint", "joint"]),
    ] {
      #expect(
        try [published, small, audit].map { try value(stage, parameter, $0) } == expected,
        "\(stage).\(parameter)")
    }
  }
}
