import Glibc
import Synchronization
import Testing

extension CommandTests {
  /// A run that is struck once, at whatever moment, and run again leaves what an undisturbed one does:
  /// every time, with any number of threads.
  @Suite struct Kills {
    private static let moments = 6
    private static let allTraining = CrashReference.trainingStages.count

    /// In stages that train, all of them for two signals, and then at moments spread evenly over the run. SIGTERM is
    /// caught as SIGINT is.
    @Test(arguments: [(SIGKILL, allTraining, moments), (SIGINT, allTraining, 2), (SIGTERM, 2, 2)])
    func struckAtAnyTime(signal: CInt, training: Int, others: Int) async throws {
      let reference = try CrashReference.shared
      let stages = CrashReference.trainingStages.prefix(training)
      let differing = Atomic<Int>(0)
      try await CrashReference.forEach(stages.count + others) { moment in
        let rest = Double(moment - stages.count) + 0.5
        let (workspace, outcome) =
          try moment < stages.count
          ? Self.strike(signal, in: stages[moment])
          : Self.strike(signal, atShare: rest / Double(others))
        if signal == SIGKILL || outcome.signal != nil {
          // The program may not yet have got so far as to ask for the signal.
          #expect(outcome.signal == signal, "\(outcome.messages)")
        } else {
          let place = moment < stages.count ? " in stage '\(stages[moment])'" : "stopped by "
          outcome.expect(
            status: 128 + signal, messages: place, "run the same command again to resume")
        }
        let difference = try reference.differences(afterResuming: workspace, threads: 1 + moment % 3)
        #expect(difference == nil, "signal \(signal), moment \(moment)")
        if difference != nil { differing.add(1, ordering: .relaxed) }
      }
      Measured.print(
        "signal \(signal) at \(stages.count + others) moments, resumed with 1, 2 or 3 threads, differing: "
          + "\(differing.load(ordering: .relaxed))")
    }

    /// Strikes a new run when a stage has saved its state for the second time.
    private static func strike(
      _ signal: CInt, in stage: String
    ) throws -> (workspace: Workspace, outcome: Outcome) {
      let workspace = try Workspace(manifest: CrashReference.manifest)
      let command = try workspace.start(
        CrashReference.arguments, threads: 1, stopsAtCheckpoints: true)
      try #require(command.goesOnToCheckpoint(2, of: stage), "\(command.messages)")
      command.send(signal)
      return (workspace, try command.outcome())
    }

    /// Strikes a new run when it has used a share of the processor time that the undisturbed one did. One
    /// that needs less may be over before: then another is struck a little earlier.
    static func strike(
      _ signal: CInt, atShare share: Double, jobs: Int = 1
    ) throws -> (workspace: Workspace, outcome: Outcome) {
      let reference = try CrashReference.shared
      var seconds = share * reference.seconds
      while true {
        let workspace = try Workspace(manifest: CrashReference.manifest)
        let command = try workspace.start(
          CrashReference.arguments + ["--jobs", "\(jobs)"], threads: jobs)
        command.wait { command.processorTime >= seconds }
        command.send(signal)
        let outcome = try command.outcome()
        if outcome.status != 0 { return (workspace, outcome) }
        seconds *= 0.95
      }
    }

    /// Killed at a system call: at each of those around the publishing of a trained model, and at some spread over
    /// the whole run.
    @Test func killedAtAnySystemCall() async throws {
      let reference = try CrashReference.shared
      let calls = try Self.trace()
      #expect(calls.count > 1000)
      let published = try #require(Self.publications(in: calls).dropFirst(5).first)
      let window = (published - 4)..<(published + 10)
      let spread = (0..<Self.moments).map { (2 * $0 + 1) * calls.count / (2 * Self.moments) }
      // Counted from 1.
      let positions = Set(window).union(spread).sorted()
      let differing = Atomic<Int>(0)
      try await CrashReference.forEach(positions.count) { index in
        let position = positions[index]
        let workspace = try Workspace(manifest: CrashReference.manifest)
        let outcome = try workspace.start(
          ["test.pipeline", "kill", "\(position + 1)"], program: "FaultyWinnow", threads: 1
        ).outcome()
        #expect(outcome.signal == SIGKILL, "call \(position) of \(calls.count)")
        let difference = try reference.differences(
          afterResuming: workspace, threads: 1 + index % 3, isFaulty: true)
        #expect(difference == nil, "killed at call \(position): \(calls[position])")
        if difference != nil { differing.add(1, ordering: .relaxed) }
      }
      Measured.print(
        "SIGKILL at \(positions.count) of \(calls.count) system calls, differing: "
          + "\(differing.load(ordering: .relaxed))")
    }

    /// The system calls of an undisturbed run, in order: their names and paths.
    static func trace() throws -> [String] {
      let workspace = try Workspace(manifest: CrashReference.manifest)
      let outcome = try workspace.start(
        ["test.pipeline", "trace"], program: "FaultyWinnow", threads: 1
      ).outcome()
      outcome.expect()
      return outcome.output.split(separator: "\n").map(String.init)
    }

    /// Where artifacts are put in place.
    static func publications(in calls: [String]) -> [Int] {
      calls.indices.filter { calls[$0].hasPrefix("rename artifacts/store/") }
    }
  }
}
