import Foundation
import Pipelines
import SystemPackage

/// A folder with files for one test, removed at its end.
final class TemporaryFolder {
  let path: FilePath

  init(_ files: [String: String] = [:]) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "winnow-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = FilePath(url.path)
    for (name, text) in files { try write(Array(text.utf8), to: name) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path.string) }

  /// Foundation would flush every file to the disk, and ext4 does so when one is cut to length zero.
  func write(_ bytes: [UInt8], to name: String) throws {
    let file = path.pushing(FilePath(name))
    try FileManager.default.createDirectory(
      atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
    try? FileManager.default.removeItem(atPath: file.string)
    let descriptor = try FileDescriptor.open(
      file, .writeOnly, options: .create, permissions: .ownerReadWrite)
    _ = try descriptor.closeAfter { try descriptor.writeAll(bytes) }
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
