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

  @Test func thereAreManifests() { #expect(Self.names.count >= 60) }

  @Test(arguments: names) func isValid(_ name: String) throws {
    let (pipeline, warnings) = try load(name)
    #expect(!pipeline.stages.isEmpty)
    #expect(warnings.map(\.rendered) == [])
  }

  /// The tables with published values: each is for stages and values of the sweep that the table has, but for the
  /// attack 'cl', which needs a model of its own.
  @Test(arguments: ["paper/", "paper/small/", "paper/half/"], ["table-1", "table-2", "table-3", "table-5", "figure-4"])
  func publishedValues(_ place: String, _ name: String) throws {
    let pipeline = try load(place + name + ".pipeline").0
    let table = try #require(pipeline.index(of: "table").map { pipeline.stages[$0] })
    guard case .path(let path) = table.parameters["published"] else {
      Issue.record("no published values")
      return
    }
    let text = try String(contentsOfFile: Self.folder.appending(path).string, encoding: .utf8)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ").map(String.init) }
    let evaluations = (table.inputs["evaluations"] ?? []).map { pipeline.stages[$0] }
    var found = 0
    for line in lines.dropFirst() {
      for (key, value) in zip(lines[0], line).prefix(2) {
        let known = key == "stage" ? evaluations.map(\.baseName)
          : evaluations.flatMap(\.choices).filter { $0.variable == key }.map(\.value)
        #expect(known.contains(value) || value == "cl", "\(key) \(value)")
        found += 1
      }
    }
    #expect(found >= 16)
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
