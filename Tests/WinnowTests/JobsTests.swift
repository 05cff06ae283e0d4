import Glibc
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

    /// Struck while several stages are at work, which all have states to keep.
    @Test(arguments: [SIGKILL, SIGINT]) func struckWithSeveralAtWork(signal: CInt) async throws {
      let reference = try CrashReference.shared
      try await CrashReference.forEach(7) { moment in
        let (workspace, outcome) = try Kills.strike(
          signal, atShare: (Double(moment) + 0.5) / 10, jobs: 3)
        #expect(outcome.signal == signal || outcome.status == 128 + signal, "\(outcome.messages)")
        let difference = try reference.differences(afterResuming: workspace, threads: 1 + moment % 3)
        #expect(difference == nil, "moment \(moment)")
      }
    }

    @Test func aNumberIsNeeded() throws {
      let outcome = try Workspace.reference.run("--jobs", "0")
      #expect(outcome.status == 64)
      #expect(outcome.messages.contains("--jobs takes 1 to 1024 stages, not 0"))
    }
  }
}
