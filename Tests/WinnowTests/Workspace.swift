import Foundation
import HDF5
import SystemPackage
import TestSupport
import Testing

/// A folder with data, a manifest, and what `winnow` makes of them.
struct Workspace: Sendable {
  private let place: TemporaryFolder

  /// The name of the manifest and so of the pipeline.
  static let name = "test"

  /// - Parameters:
  ///   - original: A workspace to start from instead of one with nothing but the manifest.
  ///   - isOnDisk: Whether it is to hold more than fits into memory.
  init(
    copyOf original: Workspace? = nil, manifest: String = TestManifest.text, isOnDisk: Bool = false
  ) throws {
    place = try TemporaryFolder(isOnDisk: isOnDisk)
    try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: true)
    if let original {
      try FileManager.default.copyItem(at: original.folder, to: folder)
    } else {
      try TestData.write(to: folder.appending(path: "data"))
      try write(manifest)
    }
  }

  var folder: URL { place.url.appending(path: "work") }

  /// Output of commands, aside so that it is not among what they may see.
  private var logs: URL { place.url.appending(path: "logs") }

  /// A workspace in which everything was built without disturbance. Do not change it: copy it.
  static var reference: Workspace {
    get throws { try built.get().workspace }
  }

  /// What the undisturbed run printed.
  static var referenceOutcome: Outcome {
    get throws { try built.get().outcome }
  }

  private static let built = Result {
    let workspace = try Workspace()
    return (workspace: workspace, outcome: try workspace.run())
  }
}

// MARK: - Files

extension Workspace {
  func write(_ text: String, to name: String = "\(name).pipeline") throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  /// Replaces the first occurrence of some text in the manifest.
  func edit(_ old: String, _ new: String) throws {
    let url = folder.appending(path: "\(Self.name).pipeline")
    let text = try String(contentsOf: url, encoding: .utf8)
    let range = try #require(text.range(of: old))
    try write(text.replacingCharacters(in: range, with: new))
  }

  /// Changes one byte of a file.
  func flipByte(_ offset: Int, of name: String) throws {
    let url = folder.appending(path: name)
    var data = try Data(contentsOf: url)
    data[offset] ^= 1
    try data.write(to: url)
  }

  /// The bytes of every stage's artifact, by the stage's name.
  func artifacts(of pipeline: String = name) throws -> [String: Data] {
    let place = folder.appending(path: "artifacts/\(pipeline)")
    var found: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: place.path) where name.hasSuffix(".h5") {
      found[String(name.dropLast(3))] = try Data(contentsOf: place.appending(path: name))
    }
    return found
  }

  /// Opens a stage's artifact.
  func artifact(_ stage: String, of pipeline: String = name) throws -> HDF5.File {
    try HDF5.File.open(at: FilePath(folder.appending(path: "artifacts/\(pipeline)/\(stage).h5").path))
  }

  /// All paths under `artifacts/` but that of the cache, which is there once there is something old
  /// enough to be remembered.
  func storedPaths() throws -> Set<String> {
    let place = folder.appending(path: "artifacts").path
    return Set(try FileManager.default.subpathsOfDirectory(atPath: place)).subtracting(["stat-cache"])
  }

  /// The record of the checkpoint that is there, which names its file's hash.
  func checkpointRecord() -> Data? {
    let place = folder.appending(path: "artifacts/checkpoints")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
    let record = names.first { $0.hasSuffix(".record") }
    return record.flatMap { try? Data(contentsOf: place.appending(path: $0)) }
  }
}

// MARK: - Commands

extension Workspace {
  /// Runs any command to its end.
  func winnow(_ arguments: [String], threads: Int = 1) throws -> Outcome {
    try start(arguments, threads: threads).outcome()
  }

  func start(
    _ arguments: [String], program: String = "winnow", threads: Int = 1,
    stopsAtCheckpoints: Bool = false
  ) throws -> Command {
    try Command(
      arguments, program: program, in: folder, logs: logs, threads: threads,
      stopsAtCheckpoints: stopsAtCheckpoints)
  }

  /// `winnow run test.pipeline …`
  func run(_ arguments: String..., threads: Int = 1) throws -> Outcome {
    try winnow(["run", "\(Self.name).pipeline"] + arguments, threads: threads)
  }

  /// What `winnow run --dry-run` says: the stages of each state.
  func plan(_ arguments: String...) throws -> [String: Set<String>] {
    let outcome = try winnow(["run", "--dry-run", "\(Self.name).pipeline"] + arguments)
    outcome.expect()
    var plan: [String: Set<String>] = [:]
    for line in outcome.output.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      plan[words[0], default: []].insert(words[1])
    }
    return plan
  }
}

/// Tests of the command as a whole. Commands have one thread unless the test is about threads, so that as many tests
/// as there are cores may run at a time.
@Suite enum CommandTests {}

/// Compares artifacts byte by byte, and names those that differ.
func expectEqual(
  _ found: [String: Data], _ expected: [String: Data], sourceLocation: SourceLocation = #_sourceLocation
) {
  let names = Set(found.keys).union(expected.keys).sorted()
  let different = names.filter { found[$0] != expected[$0] }
  #expect(different.isEmpty, "other bytes", sourceLocation: sourceLocation)
}
