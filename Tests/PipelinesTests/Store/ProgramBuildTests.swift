import Foundation
import Pipelines
import SystemPackage
import Testing

/// Which build a program is, and that a checkpoint is used by no other.
@Suite(.nothingStaysOpen) struct ProgramBuildTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func build(_ bytes: Data) throws -> ProgramBuild {
    try workspace.write("program", Array(bytes))
    return ProgramBuild(of: workspace.path("program"))
  }

  @Test func aCopyIsTheSameBuild() throws {
    let own = ProgramBuild(of: "/proc/self/exe")
    #expect(own.text.count >= 16 && own.text.allSatisfy(\.isHexDigit))
    let program = try Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe"))
    #expect(try build(program) == own)
    #expect(ProgramBuild(of: FilePath("/bin/sh")) != own)
  }

  /// What has no build ID is known by its bytes.
  @Test func anythingElseIsKnownByItsBytes() throws {
    let (first, second) = (try build(Data([1, 2, 3])), try build(Data([1, 2, 4])))
    #expect(first != second)
    #expect(first.text == "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81")
    #expect(ProgramBuild(of: "/nowhere").text == "unknown")
    #expect(ProgramBuild(of: "/").text == "unknown")
  }

  /// Whatever its headers say: an answer, and no crash.
  @Test func damagedPrograms() throws {
    let program = try Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe")).prefix(4096)
    var generator = SeededGenerator(seed: 4)
    var known = 0
    for round in 0..<1000 {
      var bytes = program
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        bytes[Int.random(in: 0..<1024, using: &generator)] = [0, 1, 4, 0x7F, 0xFF].randomElement(
          using: &generator) ?? 0
      }
      if round % 4 == 0 { bytes = bytes.prefix(Int.random(in: 0..<1024, using: &generator)) }
      if try build(bytes).text.count > 8 { known += 1 }
    }
    #expect(known == 1000)
  }

  @Test func aCheckpointOfAnotherBuildIsIgnored() throws {
    let pipeline = ResumeTests.walk(steps: 10)
    let interruption = Interruption()
    let stopper = Recorder { if $0.done == 5 { interruption.request(2) } }
    _ = try? workspace.runner(pipeline, reporter: stopper, interruption: interruption).run()
    #expect(try workspace.runner(pipeline).plan().stages[1].checkpoint?.label == "step 5 of 10")

    let name = try #require(
      try workspace.names("artifacts/checkpoints").first { $0.hasSuffix(".record") })
    let record = try #require(SealedText(Array(try workspace.read("artifacts/checkpoints/\(name)"))))
    var other = SealedText()
    for line in record.lines { other.add(line[0], line[0] == "build" ? "0123456789abcdef" : line[1]) }
    try #require(other != record)
    try workspace.write("artifacts/checkpoints/\(name)", other.bytes())

    #expect(try workspace.runner(pipeline).plan().stages[1].checkpoint == nil)
    let recorder = Recorder()
    try workspace.runner(pipeline, reporter: recorder).run()
    let word = "the checkpoint was written by version test of another build (0123456789ab)"
    #expect(recorder.events.contains("ignored walk: \(word)"))
    #expect(recorder.events.contains("start walk 2/2: never built"))
    #expect(try workspace.names("artifacts/checkpoints") == [])
  }
}
