import Foundation
import Glibc
import Pipelines
import SystemPackage
import TestSupport
import Testing

/// Damage, loss, leftovers, locks.
@Suite(.nothingStaysOpen) struct StoreTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.run(.standard())
  }

  @Test func aDamagedArtifactIsRebuiltAlone() throws {
    let file = try workspace.storedFile("scaled")
    let whole = try workspace.read(file)
    try workspace.flipBit(file)
    let plan = try workspace.plan(.standard())
    #expect(plan["scaled"]?.hasPrefix("stale: its artifact is damaged: ") == true)
    #expect(plan["source"] == "fresh")
    #expect(try workspace.run(.standard()) == ["scaled"])
    #expect(try workspace.read(file) == whole)
  }

  @Test func aTruncatedArtifactIsRebuiltAlone() throws {
    let file = try workspace.storedFile("source")
    try FileHandle(forWritingTo: URL(fileURLWithPath: workspace.path(file).string))
      .truncate(atOffset: 100)
    #expect(try workspace.run(.standard()) == ["source"])
  }

  @Test func aMissingArtifactIsRebuiltAlone() throws {
    try workspace.remove(workspace.storedFile("large"))
    #expect(
      try workspace.plan(.standard())["large"]?.hasPrefix("stale: its artifact is missing: ") == true)
    #expect(try workspace.run(.standard()) == ["large"])
  }

  @Test func everythingUnderArtifactsMayBeDeleted() throws {
    for folder in ["store", "records", "test", "lock"] {
      try workspace.remove("artifacts/\(folder)")
      try workspace.run(.standard())
      #expect(try workspace.runner(.standard()).plan().isFresh, "without \(folder)")
      #expect(workspace.exists("artifacts/test/total.h5"))
    }
  }

  @Test func aDamagedRecordCostsARebuild() throws {
    let store = workspace.store()
    let record = try #require(try store.publishedRecord(pipeline: "test", stage: "scaled"))
    try workspace.flipBit("artifacts/records/\(record.fingerprint)")
    #expect(try workspace.plan(.standard())["scaled"] == "stale: its record is missing or damaged")
    #expect(try workspace.run(.standard()) == ["scaled"])
  }

  @Test func aDamagedPointerIsWrittenAnew() throws {
    try workspace.flipBit("artifacts/test/.scaled.record")
    #expect(try workspace.run(.standard()) == [])
    let record = try workspace.store().publishedRecord(pipeline: "test", stage: "scaled")
    #expect(record?.stage == "scaled")
  }

  @Test func leftoversOfDeadRunsGo() throws {
    // Process numbers end below 2^22, so this one is dead; process 1 is alive.
    let dead = [
      "artifacts/store/.tmp-5000000-1", "artifacts/checkpoints/.tmp-5000000-2",
      "artifacts/test/.tmp-5000000-3", "artifacts/.tmp-5000000-4", "artifacts/records/.tmp-5000000-5",
    ]
    try workspace.makeFolder("artifacts/checkpoints")
    for path in dead { try workspace.write(path, [0]) }
    try workspace.write("artifacts/store/.tmp-1-1", [0])
    try workspace.run(.standard())
    for path in dead { #expect(!workspace.exists(path), "\(path)") }
    #expect(workspace.exists("artifacts/store/.tmp-1-1"))
  }

  @Test func verifyFindsDamageThatTimesHide() throws {
    // The cache believes what it has seen.
    let store = workspace.store(files: .later)
    #expect(try workspace.runner(.standard(), store: store).plan().isFresh)
    #expect(try store.verify().damage == [])
    let report = try store.verify()
    #expect(report.artifacts == 4 && report.records == 4)

    let file = try workspace.storedFile("scaled")
    try workspace.flipBit(file)
    let damage = try store.verify().damage
    #expect(damage.map(\.kind) == [.artifact])
    #expect(damage.first?.path == workspace.path(file))
    #expect(try !workspace.runner(.standard(), store: store).plan().isFresh)
  }

  @Test func cleaningLeavesOtherPipelines() throws {
    try workspace.run(.standard(name: "other", factor: 50))
    try workspace.run(.standard(factor: 3))
    let kept = Set(try ["source", "scaled", "large", "total"].map {
      try workspace.storedFile($0, pipeline: "other")
    })
    let freed = try workspace.store().clean(pipeline: "test")
    #expect(freed > 0)
    #expect(!workspace.exists("artifacts/test"))
    #expect(Set(try workspace.storedFiles().map { "artifacts/store/" + $0 }) == kept)
    #expect(try workspace.runner(.standard(name: "other", factor: 50)).plan().isFresh)
  }

  @Test func cleaningLeavesForeignFiles() throws {
    try workspace.write("artifacts/test/notes.txt", [1])
    try workspace.write("artifacts/test/mine.h5", [1])
    _ = try workspace.store().clean(pipeline: "test")
    #expect(try workspace.names("artifacts/test") == ["mine.h5", "notes.txt"])
    #expect(try workspace.names("artifacts/store") == [])
  }

  /// The folder of a pipeline called '..' would be that of the user.
  @Test(arguments: ["..", ".", "", "/", "../test"]) func cleaningStaysInTheStore(_ name: String) throws {
    try workspace.write("mine.h5", [1])
    #expect { try workspace.store().clean(pipeline: name) } throws: { error in
      "\(error)".contains("names no pipeline") && (error as? PipelineError)?.exitStatus == .usage
    }
    #expect(workspace.exists("mine.h5"))
  }

  /// Every run would change what it reads.
  @Test func aSourceAroundTheStore() throws {
    var builder = TestPipeline(name: "around")
    builder.add("source", Source.self, ["path": .path(".")])
    for run in [{ _ = try workspace.runner(builder.checked).plan() }, { try workspace.run(builder.checked) }] {
      #expect { try run() } throws: { error in
        "\(error)".contains("holds '") && (error as? PipelineError)?.exitStatus == .data
      }
    }
  }

  /// File systems take times that 64 bits of nanoseconds do not hold.
  @Test(arguments: [10_413_792_000, -10_413_792_000] as [Int]) func aFileOfAnotherCentury(_ seconds: Int) throws {
    try workspace.run(.standard())
    let times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
    #expect(workspace.path("data").withPlatformString { utimensat(AT_FDCWD, $0, times, 0) } == 0)
    #expect(try workspace.runner(.standard()).plan().isFresh)
  }

  /// As a shell makes of '<(…)': its size says nothing.
  @Test func contentsOfAPipe() throws {
    let path = workspace.path("pipe")
    #expect(path.withPlatformString { mkfifo($0, 0o600) } == 0)
    let text = [UInt8](repeating: 7, count: 100_000)
    Thread.detachNewThread { try? Data(text).write(to: URL(fileURLWithPath: path.string)) }
    #expect(try FileSystem().contents(of: path) == text)
  }

  /// A hash of half the old bytes and half the new ones is none. This file grows whenever it is read, up to
  /// a length that nobody should come to.
  @Test func aFileThatChangesWhileItIsHashed() throws {
    let path = workspace.path("data").string
    var files = FileSystem()
    files.intercept = { operation, target in
      if operation == .read, target.string == path, let handle = FileHandle(forWritingAtPath: path) {
        if handle.seekToEndOfFile() < 10_000 { handle.write(Data([4])) }
        try? handle.close()
      }
      return nil
    }
    let before = try workspace.store().publishedRecord(pipeline: "test", stage: "source")
    #expect {
      try workspace.runner(.standard(), store: workspace.store(files: files)).run()
    } throws: { error in
      "\(error)".contains("was changed while it was being read")
        && (error as? PipelineError)?.exitStatus == .inputOutput
    }
    #expect(try workspace.read("data").count < 10_000)
    #expect(try workspace.store().publishedRecord(pipeline: "test", stage: "source") == before)
    #expect(try workspace.store().verify().damage == [])
  }

  @Test func readingMakesNoFolder() throws {
    let empty = try Workspace()
    #expect(try empty.plan(.standard())["source"] == "stale: never built")
    #expect(!empty.exists("artifacts"))
    #expect(try empty.store().clean(pipeline: "test") == 0)
    #expect(!empty.exists("artifacts"))
  }
}
