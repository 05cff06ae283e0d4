import Foundation
import Glibc
import Pipelines
import SystemPackage
import TestSupport

/// A directory of its own for a test, with a store in it.
struct Workspace {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try write("data", [1, 2, 3])
  }

  var directory: FilePath { folder.path }

  var artifacts: FilePath { path("artifacts") }

  func path(_ relative: String) -> FilePath { folder.path(relative) }

  func write(_ relative: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path(relative).string))
  }

  func read(_ relative: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(relative).string))
  }

  /// When a file was last changed, in nanoseconds. The clock that this is read from has a grain of some
  /// milliseconds.
  func changeTime(_ relative: String) throws -> Int64 {
    var status = stat()
    guard stat(path(relative).string, &status) == 0 else {
      throw PipelineError.system(.examine, path: path(relative), Errno(rawValue: errno))
    }
    return Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
  }

  func exists(_ relative: String) -> Bool {
    FileManager.default.fileExists(atPath: path(relative).string)
  }

  func remove(_ relative: String) throws {
    try FileManager.default.removeItem(atPath: path(relative).string)
  }

  func makeFolder(_ relative: String) throws {
    try FileManager.default.createDirectory(
      atPath: path(relative).string, withIntermediateDirectories: true)
  }

  /// The names in a folder, sorted.
  func names(_ relative: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(relative).string).sorted()
  }

  /// All regular files below `artifacts/store`, sorted.
  func storedFiles() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path("artifacts/store").string)
      .filter { $0.hasSuffix(".h5") }.sorted()
  }

  /// The file in the store that a stage's readable name leads to, relative to the workspace.
  func storedFile(_ stage: String, pipeline: String = "test") throws -> String {
    let link = path("artifacts/\(pipeline)/\(stage).h5").string
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: link)
    return "artifacts/" + target.dropFirst("../".count)
  }

  /// Turns over a bit in the middle of a file, without changing its size.
  func flipBit(_ relative: String) throws {
    var bytes = try read(relative)
    bytes[bytes.count / 2] ^= 1
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path(relative).string))
    try handle.write(contentsOf: bytes)
    try handle.close()
  }
}

extension Workspace {
  func store(files: FileSystem = FileSystem()) -> ArtifactStore {
    ArtifactStore(root: artifacts, files: files)
  }

  func runner(
    _ pipeline: Pipeline, _ options: RunOptions = RunOptions(), reporter: Recorder = Recorder(),
    interruption: Interruption = Interruption(), version: String = "test",
    store: ArtifactStore? = nil
  ) throws -> Runner {
    try Runner(
      pipeline: pipeline, store: store ?? self.store(), directory: directory, options: options,
      reporter: reporter, interruption: interruption, programVersion: version)
  }

  /// Runs a pipeline and returns the stages that ran. The dry run before it must have said the same.
  @discardableResult
  func run(_ pipeline: Pipeline, _ options: RunOptions = RunOptions()) throws -> [String] {
    let plan = try runner(pipeline, options).plan()
    let built = try runner(pipeline, options).run().built
    let certain = plan.stages.filter { $0.state == .stale }.map(\.name)
    let possible = plan.unfinished.map(\.name)
    guard Set(certain).isSubset(of: built), Set(built).isSubset(of: possible) else {
      throw DryRunDisagrees(certain: certain, possible: possible, built: built)
    }
    return built
  }

  /// What a dry run says about each stage: `state: reason; reason`.
  func plan(_ pipeline: Pipeline, _ options: RunOptions = RunOptions()) throws -> [String: String] {
    let stages = try runner(pipeline, options).plan().stages
    return Dictionary(uniqueKeysWithValues: stages.map { stage in
      let reasons = stage.reasons.map(\.description).joined(separator: "; ")
      return (stage.name, reasons.isEmpty ? stage.state.rawValue : "\(stage.state.rawValue): \(reasons)")
    })
  }
}

struct DryRunDisagrees: Error {
  let certain, possible, built: [String]
}
