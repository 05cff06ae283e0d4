import Compute
import Foundation
import Testing

@Suite struct InstructionSetsTests {
  /// These tests were built for the processor that they run on.
  @Test func theProcessorHasWhatCodeIsCompiledFor() {
    #expect(InstructionSets.compiled.subtracting(.available).firstName == nil)
    #expect(InstructionSets.available.level >= InstructionSets.compiled.level)
  }

  /// What the system says of the processor.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/cpuinfo")), arguments: [
    "avx", "avx2", "fma", "bmi2", "avx512f", "avx512bw", "avx512dq", "avx512vl", "gfni",
  ])
  func agreesWithTheSystem(_ name: String) throws {
    let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    let set = InstructionSets(named: [name])
    #expect(set.firstName == name)
    #expect(InstructionSets.available.isSuperset(of: set) == text.contains(" \(name) "))
  }

  @Test func levels() {
    let second: Set = ["popcnt", "sse4.2"]
    let third = second.union(["avx", "avx2", "fma", "bmi", "bmi2"])
    let fourth = third.union(["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"])
    #expect(InstructionSets([]).level == 1)
    #expect(InstructionSets(named: second).level == 2)
    #expect(InstructionSets(named: third).level == 3)
    #expect(InstructionSets(named: fourth).level == 4)
    #expect(InstructionSets(named: fourth.union(["avx512bf16"])).level == 4)
    // Knights Landing had the first of them alone.
    #expect(InstructionSets(named: third.union(["avx512f", "avx512cd"])).level == 3)
    #expect(InstructionSets(named: fourth.subtracting(["bmi2"])).level == 2)
  }

  @Test func unknownNamesHaveNoPart() {
    #expect(InstructionSets(named: ["avx2", "no such thing"]) == InstructionSets(named: ["avx2"]))
    #expect(InstructionSets([]).firstName == nil)
  }
}
