import Foundation
import Pipelines
import SystemPackage
import TestSupport

extension TemporaryFolder {
  /// A folder with files in it.
  convenience init(_ files: [String: String]) throws {
    try self.init()
    for (name, text) in files { try write(text.utf8, to: name) }
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path.appending(name).string, withDestinationPath: target)
  }

  /// Loads the manifest `x.pipeline` of the folder.
  func load(_ overrides: String...) throws -> (pipeline: Pipeline, warnings: [Diagnostic]) {
    try Manifest.load(
      path: "x.pipeline", overrides: overrides, catalogue: ExampleStages.catalogue, directory: path)
  }

  /// What is wrong with the manifest `x.pipeline`.
  func errors(_ overrides: String...) throws -> [Diagnostic] {
    do {
      _ = try Manifest.load(
        path: "x.pipeline", overrides: overrides, catalogue: ExampleStages.catalogue,
        directory: path)
      return []
    } catch {
      return error.diagnostics
    }
  }
}

extension Pipeline {
  /// A pipeline that consists of one manifest, with `data` to read.
  static func loading(_ text: String, _ overrides: String...) throws -> Pipeline {
    let folder = try TemporaryFolder(["x.pipeline": text, "data/a": ""])
    return try Manifest.load(
      path: "x.pipeline", overrides: overrides, catalogue: ExampleStages.catalogue,
      directory: folder.path
    ).pipeline
  }

  /// A stage in words: name, kind, parameters in canonical form, names of the stages that it reads.
  var outline: [String] {
    stages.map { stage in
      let values = stage.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.canonical)" }
      let inputs = stage.inputs.sorted { $0.key < $1.key }
        .map { input in "\(input.key)<-\(input.value.map { stages[$0].name }.joined(separator: "+"))" }
      return ([stage.name, stage.declaration.kind] + values + inputs).joined(separator: " ")
    }
  }
}
