import Pipelines
import SystemPackage
import Testing

/// Builds for several processors in one folder.
@Suite struct ProgramVariantsTests {
  private func successor(
    of program: FilePath = "/opt/bin/winnow", level: Int, processor: Int, among names: Set<String>
  ) -> String? {
    ProgramVariants.successor(of: program, level: level, processor: processor) { path in
      path.removingLastComponent() == "/opt/bin" && names.contains(path.lastComponent?.string ?? "")
    }?.string
  }

  private let third = "winnow-x86-64-v3"
  private let fourth = "winnow-x86-64-v4"

  @Test func theBestThatTheProcessorRuns() {
    #expect(successor(level: 1, processor: 4, among: [third, fourth]) == "/opt/bin/winnow-x86-64-v4")
    #expect(successor(level: 1, processor: 3, among: [third, fourth]) == "/opt/bin/winnow-x86-64-v3")
    #expect(successor(level: 3, processor: 4, among: [fourth]) == "/opt/bin/winnow-x86-64-v4")
    #expect(successor(level: 1, processor: 4, among: [third]) == "/opt/bin/winnow-x86-64-v3")
  }

  @Test func noneIsBetter() {
    #expect(successor(level: 3, processor: 4, among: []) == nil)
    #expect(successor(level: 3, processor: 3, among: [third, fourth]) == nil)
    #expect(successor(level: 4, processor: 4, among: [third, fourth]) == nil)
    #expect(successor(level: 4, processor: 3, among: [third]) == nil)
  }

  /// A build under another's name would hand over to itself without end.
  @Test func aVariantHandsOverToNone() {
    let program = FilePath("/opt/bin/winnow-x86-64-v4")
    #expect(successor(of: program, level: 3, processor: 4, among: [fourth, "\(fourth)-x86-64-v4"]) == nil)
  }

  @Test func jobsStartTheOneThatChooses() {
    #expect(ProgramVariants.first(of: "/opt/bin/winnow-x86-64-v4") == "/opt/bin/winnow")
    #expect(ProgramVariants.first(of: "/opt/bin/winnow") == nil)
    #expect(ProgramVariants.first(of: "/opt/bin/winnow-x86-64-v9") == nil)
  }
}
