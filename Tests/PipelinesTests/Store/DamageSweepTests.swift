import Foundation
import HDF5
import Pipelines
import TestSupport
import Testing

/// Every kind of file under `artifacts/`, damaged in every way: it is noticed, or it does not matter, and
/// the next run leaves what an undisturbed one does.
@Suite(.nothingStaysOpen) struct DamageSweepTests {
  static let flips = 200
  static let cuts = 50

  /// A finished pipeline, and another one that was stopped halfway.
  private struct Scene {
    let workspace: Workspace
    let finished = Pipeline.standard()
    let stopped = ResumeTests.walk(steps: 10)
    /// All files and links under `artifacts/`.
    private let files: [String: Data]
    private let links: [String: String]
    /// What the store holds when both pipelines are finished.
    let expected: [String: Data]

    init() throws {
      let workspace = try Workspace()
      self.workspace = workspace
      let settled = workspace.store(files: .later)
      try workspace.runner(finished, store: settled).run()
      let interruption = Interruption()
      let recorder = Recorder { if $0.done == 5 { interruption.request(2) } }
      _ = try? workspace.runner(stopped, reporter: recorder, interruption: interruption).run()
      _ = try workspace.runner(finished, store: workspace.store(files: .later)).plan()

      var files: [String: Data] = [:]
      var links: [String: String] = [:]
      let root = workspace.artifacts.string
      for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
        let path = root + "/" + name
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
          links[name] = target
        } else if let data = FileManager.default.contents(atPath: path) {
          files[name] = data
        }
      }
      self.files = files
      self.links = links

      let other = try Workspace()
      try other.run(finished)
      try other.run(stopped)
      expected = try Self.stored(other)
    }

    static func stored(_ workspace: Workspace) throws -> [String: Data] {
      var found: [String: Data] = [:]
      for file in try workspace.storedFiles() {
        found[file] = try workspace.read("artifacts/store/\(file)")
      }
      return found
    }

    /// Files of each kind.
    var kinds: [String: [String]] {
      Dictionary(grouping: files.keys.sorted()) { name in
        switch name.split(separator: "/").first {
        case "store": "artifact"
        case "records": "record"
        case "checkpoints": name.hasSuffix(".h5") ? "checkpoint" : "checkpoint record"
        case "stat-cache", "lock": name
        default: "pointer"
        }
      }
    }

    func content(_ name: String) -> Data { files[name] ?? Data() }

    /// Puts everything back, with other bytes for one file.
    func restore(_ damaged: String, _ bytes: Data) throws {
      try? workspace.remove("artifacts")
      for (name, data) in files.merging([damaged: bytes], uniquingKeysWith: { $1 }) {
        let path = workspace.artifacts.string + "/" + name
        try FileManager.default.createDirectory(
          atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try data.write(to: URL(fileURLWithPath: path))
      }
      for (name, target) in links {
        try FileManager.default.createSymbolicLink(
          atPath: workspace.artifacts.string + "/" + name, withDestinationPath: target)
      }
    }
  }

  @Test(arguments: [
    "artifact", "record", "pointer", "checkpoint", "checkpoint record", "stat-cache", "lock",
  ])
  func damageIsNoticedOrHarmless(kind: String) throws {
    let scene = try Scene()
    let names = try #require(scene.kinds[kind])
    var generator = SeededGenerator(seed: UInt64(kind.utf8.reduce(0) { $0 + Int($1) }))
    var used = 0
    for number in 0..<(Self.flips + Self.cuts) {
      let name = names[number % names.count]
      var bytes = scene.content(name)
      if number < Self.flips {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
      } else {
        bytes = bytes.prefix((number - Self.flips) * bytes.count / Self.cuts)
      }
      try scene.restore(name, bytes)
      if try !isRight(scene, kind: kind, name: name) { used += 1 }
    }
    #expect(used == 0)
    print("measured: \(kind) damaged: \(Self.flips + Self.cuts), used or not made good: \(used)")
    #expect(openObjectCount(in: scene.workspace.directory) == 0)
  }

  /// Whether the plan knows of the damage, and runs make everything good.
  private func isRight(_ scene: Scene, kind: String, name: String) throws -> Bool {
    let workspace = scene.workspace
    let plan = try workspace.runner(scene.finished).plan()
    let stale = plan.unfinished.flatMap(\.reasons).map(\.description)
    var isKnown =
      switch kind {
      // Both pipelines have the same source; the other's own artifact does not exist yet.
      case "artifact": stale.contains { $0.hasPrefix("its artifact is damaged") }
      case "record": stale.contains("its record is missing or damaged")
      default: plan.isFresh
      }
    let recorder = Recorder()
    let built = try workspace.runner(scene.finished).run().built
    try workspace.runner(scene.stopped, reporter: recorder).run()
    if kind == "artifact" || kind == "record" { isKnown = isKnown && built.count == 1 }
    if kind.hasPrefix("checkpoint") {
      isKnown = isKnown && recorder.events.contains("ignored walk: the checkpoint is damaged")
    } else {
      isKnown = isKnown && recorder.events.contains { $0.hasPrefix("start walk 2/2 from step 5") }
    }
    return isKnown ? try Scene.stored(workspace) == scene.expected : false
  }
}
