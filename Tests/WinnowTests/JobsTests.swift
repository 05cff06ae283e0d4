import Testing

extension CommandTests {
  /// Stages side by side.
  @Suite struct Jobs {
    @Test(arguments: [2, 4]) func jobsDoNotMatter(jobs: Int) throws {
      let workspace = try Workspace()
      let outcome = try workspace.run("--jobs", "\(jobs)", threads: 4)
      outcome.expect()
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
      // Each line says which stage it is about.
      let lines = outcome.messages.split(separator: "\n").filter { $0.contains("epoch") }
      #expect(lines.allSatisfy { $0.hasPrefix("[") })
    }

    @Test func aNumberIsNeeded() throws {
      let outcome = try Workspace.reference.run("--jobs", "0")
      #expect(outcome.status == 64)
      #expect(outcome.messages.contains("--jobs takes 1 to 1024 stages, not 0"))
    }
  }
}
