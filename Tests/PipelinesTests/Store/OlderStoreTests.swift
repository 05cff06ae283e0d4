import Foundation
import Pipelines
import SystemPackage
import TestSupport
import Testing

/// A store whose small files are those of an earlier version: everything is known to be stale, and rebuilt.
@Suite(.nothingStaysOpen) struct OlderStoreTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// Puts a file of the first format in the place of one: lines of fields.
  private func age(_ path: String, _ lines: [String]) throws {
    let digest = String(repeating: "0123456789abcdef", count: 4)
    let text = (lines + ["sha256\t\(digest)"]).map { $0 + "\n" }.joined()
    try workspace.write(path, Array(text.utf8))
  }

  private func ageEverything() throws {
    for name in try workspace.names("artifacts/records") {
      try age(
        "artifacts/records/\(name)",
        ["format\twinnow-record-1", "fingerprint\t\(name)", "pipeline\ttest", "stage\tscaled"])
    }
    for name in try workspace.names("artifacts/test") where name.hasSuffix(".record") {
      try age("artifacts/test/\(name)", ["fingerprint\t\(String(repeating: "a", count: 64))"])
    }
    for name in try workspace.names("artifacts/checkpoints") where name.hasSuffix(".record") {
      try age("artifacts/checkpoints/\(name)", ["format\twinnow-checkpoint-1", "label\tstep 5 of 10"])
    }
    try age("artifacts/stat-cache", ["data\t1\t2\t3\t4\t5\t\(String(repeating: "a", count: 64))"])
    try age("artifacts/lock", ["process\t1", "since\t1", "manifest\tx.pipeline"])
  }

  @Test func recordsAreStaleAndRebuilt() throws {
    try workspace.makeFolder("artifacts/checkpoints")
    try workspace.run(.standard())
    let files = try workspace.storedFiles()
    try ageEverything()

    let plan = try workspace.plan(.standard())
    let reason = "stale: its record was written by another version of winnow"
    #expect(plan["source"] == reason)
    #expect(plan["total"]?.hasPrefix("\(reason); reads ") == true)
    let report = try workspace.store().verify()
    #expect(report.damage == [] && report.outdated == 4)
    #expect(try workspace.store().publishedRecord(pipeline: "test", stage: "scaled") == nil)

    #expect(try workspace.run(.standard()).count == 4)
    #expect(try workspace.storedFiles() == files)
    #expect(try workspace.runner(.standard()).plan().isFresh)
    #expect(try workspace.store().verify().outdated == 0)
  }

  @Test func checkpointsAreIgnored() throws {
    let interruption = Interruption()
    let stopper = Recorder { if $0.done == 5 { interruption.request(2) } }
    let pipeline = ResumeTests.walk(steps: 10)
    _ = try? workspace.runner(pipeline, reporter: stopper, interruption: interruption).run()
    try ageEverything()
    #expect(try workspace.runner(pipeline).plan().stages[1].checkpoint == nil)
    #expect(try workspace.store().verify().outdated == 2)

    let recorder = Recorder()
    try workspace.runner(pipeline, reporter: recorder).run()
    #expect(recorder.events.contains("ignored walk: the checkpoint was written by another version of winnow"))
    #expect(try workspace.names("artifacts/checkpoints") == [])
  }

  @Test func cleaningRemovesThem() throws {
    try workspace.makeFolder("artifacts/checkpoints")
    try workspace.run(.standard())
    try ageEverything()
    #expect(try workspace.store().clean(pipeline: "test") > 0)
    #expect(try workspace.names("artifacts/records") == [])
    #expect(try workspace.storedFiles() == [])
  }
}
