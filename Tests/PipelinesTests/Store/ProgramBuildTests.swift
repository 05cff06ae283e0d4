import Foundation
import Pipelines
import SystemPackage
import TestSupport
import Testing

/// Which build a program is, and that a checkpoint is used by no other.
@Suite(.nothingStaysOpen) struct ProgramBuildTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func build(_ path: FilePath, _ store: ArtifactStore? = nil) -> ProgramBuild {
    ProgramBuild(of: path, (store ?? workspace.store()).cache)
  }

  @Test func aProgramIsKnownByItsBytes() throws {
    let own = build("/proc/self/exe")
    #expect(own == .running(workspace.store().cache))
    #expect(own.text.count == 64 && own.text.allSatisfy(\.isHexDigit))
    let program = try Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe"))
    try workspace.write("copy", Array(program))
    #expect(build(workspace.path("copy")) == own)
    #expect(build("/bin/sh") != own)

    try workspace.write("program", [1, 2, 3])
    let text = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"
    #expect(build(workspace.path("program")).text == text)
    try workspace.write("program", [1, 2, 4])
    #expect(build(workspace.path("program")).text != text)
    #expect(build("/nowhere").text == "unknown")
    #expect(build("/").text == "unknown")
  }

  /// Reading tens of megabytes takes longer than a run that has nothing to do.
  @Test func aProgramIsReadOnce() throws {
    try workspace.makeFolder("artifacts")
    let first = workspace.store(files: .later)
    let text = build("/bin/sh", first).text
    #expect(first.cache.readCount == 1)
    first.saveCacheIfPossible()
    let second = workspace.store(files: .later)
    #expect(build("/bin/sh", second).text == text)
    #expect(second.cache.readCount == 0)
  }

  @Test func aCheckpointOfAnotherBuildIsIgnored() throws {
    let pipeline = ResumeTests.walk(steps: 10)
    let interruption = Interruption()
    let stopper = Recorder { if $0.done == 5 { interruption.request(2) } }
    _ = try? workspace.runner(pipeline, reporter: stopper, interruption: interruption).run()
    #expect(try workspace.runner(pipeline).plan().stages[1].checkpoint?.label == "step 5 of 10")

    let name = try #require(
      try workspace.names("artifacts/checkpoints").first { $0.hasSuffix(".record") })
    let bytes = Array(try workspace.read("artifacts/checkpoints/\(name)"))
    let record = try #require(SealedFile<CheckpointRecord>(bytes).content)
    let build = ProgramBuild.running(workspace.store().cache).text
    let text = String(decoding: try #require(Seal.removed(from: bytes)), as: UTF8.self)
    let other = text.replacing(build, with: String(repeating: "0123456789abcdef", count: 4))
    try #require(other != text)
    try workspace.write("artifacts/checkpoints/\(name)", Seal.added(to: other.utf8))
    #expect(record.label == "step 5 of 10")

    #expect(try workspace.runner(pipeline).plan().stages[1].checkpoint == nil)
    let recorder = Recorder()
    try workspace.runner(pipeline, reporter: recorder).run()
    let word = "the checkpoint was written by version test of another build (0123456789ab)"
    #expect(recorder.events.contains("ignored walk: \(word)"))
    #expect(recorder.events.contains("start walk 2/2: never built"))
    #expect(try workspace.names("artifacts/checkpoints") == [])
  }
}
