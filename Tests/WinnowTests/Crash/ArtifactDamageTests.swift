import Foundation
import HDF5
import Pipelines
import SystemPackage
import TestSupport
import Testing

extension CommandTests {
  /// Damage to the artifacts of all kinds of stage, and to a real checkpoint.
  @Suite struct ArtifactDamage {
    static let flips = 200
    static let cuts = 50

    /// What the store says of every damaged version of a file.
    private func sweep(_ path: URL, _ isNoticed: () throws -> Bool) throws -> Int {
      let whole = try Data(contentsOf: path)
      var generator = SeededGenerator(seed: UInt64(whole.count))
      var missed = 0
      for _ in 0..<Self.flips {
        var bytes = whole
        bytes[Int.random(in: 0..<whole.count, using: &generator)] ^=
          UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
        try bytes.write(to: path)
        if try !isNoticed() { missed += 1 }
      }
      for cut in 0..<Self.cuts {
        try whole.prefix(cut * whole.count / Self.cuts).write(to: path)
        if try !isNoticed() { missed += 1 }
      }
      try whole.write(to: path)
      #expect(try !isNoticed())
      return missed
    }

    @Test func everyDamagedArtifactIsNoticed() throws {
      let workspace = try Workspace(copyOf: CrashReference.shared.workspace)
      let root = FilePath(workspace.folder.appending(path: "artifacts").path)
      var used = 0
      for stage in CrashReference.stages {
        let record = try #require(
          try ArtifactStore(root: root).publishedRecord(pipeline: "test", stage: stage))
        let path = ArtifactStore(root: root).path(of: record.fileHash)
        let missed = try sweep(URL(fileURLWithPath: path.string)) {
          // Each time as a new process would see it.
          try ArtifactStore(root: root).condition(of: record) == .damaged
        }
        #expect(missed == 0, "\(stage)")
        used += missed
      }
      let count = CrashReference.stages.count * (Self.flips + Self.cuts)
      Measured.print(
        "artifacts of \(CrashReference.stages.count) stages damaged, \(Self.flips) bits flipped and "
          + "\(Self.cuts) cuts each: \(count), used: \(used)")
      #expect(openObjectCount(in: root) == 0)
    }

    @Test func everyDamagedCheckpointIsNoticed() throws {
      let workspace = try Workspace(manifest: CrashReference.manifest)
      let command = try workspace.start(CrashReference.arguments, stopsAtCheckpoints: true)
      try #require(command.goesOnToCheckpoint(1, of: "fine_tuned"))
      command.send(SIGINT)
      try command.outcome().expect(status: 130)
      let root = FilePath(workspace.folder.appending(path: "artifacts").path)
      let folder = workspace.folder.appending(path: "artifacts/checkpoints")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names.count == 2, "a file and its record")
      var used = 0
      for name in names {
        let missed = try sweep(folder.appending(path: name)) {
          try ArtifactStore(root: root).verify().damage.map(\.kind) == [.checkpoint]
        }
        #expect(missed == 0, "\(name)")
        used += missed
      }
      Measured.print(
        "a checkpoint and its record damaged: \(names.count * (Self.flips + Self.cuts)), used: \(used)")
    }

    /// The command says so, rebuilds it and nothing else. It never gives a damaged file to the C library,
    /// which does not survive all of them.
    @Test(arguments: CrashReference.stages) func theCommandRebuildsIt(stage: String) throws {
      let reference = try CrashReference.shared
      let workspace = try Workspace(copyOf: reference.workspace)
      let url = workspace.folder.appending(path: "artifacts/test/\(stage).h5").resolvingSymlinksInPath()
      var bytes = try Data(contentsOf: url)
      bytes[bytes.count * 2 / 3] ^= 16
      try bytes.write(to: url)
      let status = try workspace.winnow(["status", "test.pipeline"])
      #expect(status.status == 1)
      let stale = status.output.split(separator: "\n").filter { $0.hasPrefix("stale") }
      #expect(stale.count == 1)
      #expect(stale.first?.contains("\(stage) ") == true)
      #expect(stale.first?.contains("its artifact is damaged: artifacts/store/") == true)
      let outcome = try workspace.run()
      outcome.expect()
      #expect(outcome.built == [stage])
      expectEqual(try workspace.artifacts(), reference.artifacts)
    }

    /// Deleting any file costs a rebuild and nothing more.
    @Test func anyFileMayBeDeleted() throws {
      let reference = try CrashReference.shared
      let workspace = try Workspace(copyOf: reference.workspace)
      let folder = workspace.folder.appending(path: "artifacts")
      for name in reference.storedPaths.sorted() {
        let path = folder.appending(path: name)
        let values = try path.resourceValues(forKeys: [.isDirectoryKey])
        guard values.isDirectory != true else { continue }
        try FileManager.default.removeItem(at: path)
        let outcome = try workspace.winnow(CrashReference.arguments)
        #expect(outcome.status == 0 && outcome.built.count <= 1, "\(name): \(outcome.messages)")
      }
      expectEqual(try workspace.artifacts(), reference.artifacts)
      #expect(try workspace.storedPaths() == reference.storedPaths)
    }
  }
}
