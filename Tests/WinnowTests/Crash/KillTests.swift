import Foundation
import Glibc
import Testing

extension CommandTests {
  /// A run that is struck once, at whatever moment, and run again leaves what an undisturbed one does:
  /// every time, with any number of threads.
  @Suite struct Kills {
    static let moments = 50

    /// At moments spread evenly over the run.
    @Test(arguments: [SIGKILL, SIGINT, SIGTERM])
    func struckAtAnyTime(signal: CInt) throws {
      let reference = try CrashReference.shared
      var struck = 0
      var interruptedStages: Set<String> = []
      for moment in 0..<Self.moments {
        var share = (Double(moment) + 0.5) / Double(Self.moments)
        while true {
          let workspace = try Workspace(manifest: CrashReference.manifest)
          let outcome = try strike(workspace, signal, afterUsing: share * reference.seconds)
          if outcome.status == 0 {
            // It was faster than the undisturbed run, and finished before.
            share *= 0.95
            continue
          }
          if signal == SIGKILL || outcome.signal != nil {
            // The program may not yet have got so far as to ask for the signal.
            #expect(outcome.signal == signal, "\(outcome.messages)")
          } else {
            outcome.expect(status: 128 + signal, messages: "the same command goes on from here")
          }
          struck += 1
          if let stage = Self.stageAtWork(outcome.messages) { interruptedStages.insert(stage) }
          let difference = try reference.differences(
            afterResuming: workspace, threads: 1 + moment % 3)
          #expect(difference == nil, "signal \(signal), moment \(moment)")
          break
        }
      }
      #expect(struck == Self.moments)
      // The moments are spread: every stage that trains was struck.
      #expect(
        interruptedStages.isSuperset(of: ["warmup", "spread", "backdoored", "repaired"]),
        "\(interruptedStages.sorted())")
    }

    private func strike(
      _ workspace: Workspace, _ signal: CInt, afterUsing seconds: Double
    ) throws -> Outcome {
      let command = try workspace.start(CrashReference.arguments, threads: 1)
      command.wait { command.processorTime >= seconds }
      command.send(signal)
      return try command.outcome()
    }

    /// The last stage that a run's messages speak of.
    private static func stageAtWork(_ messages: String) -> String? {
      messages.split(separator: "\n").last { $0.hasPrefix("[") }.map { line in
        String(line.drop { $0 != " " }.dropFirst().prefix { $0 != ":" })
      }
    }

    /// Killed at a system call: at each of those around the publishing of a trained model, and at as many
    /// spread over the whole run.
    @Test func killedAtAnySystemCall() throws {
      let reference = try CrashReference.shared
      let calls = try Self.trace()
      #expect(calls.count > 1000)
      let published = try #require(Self.publications(in: calls).dropFirst(5).first)
      let window = (published - 12)..<(published + 28)
      let spread = (0..<Self.moments).map { (2 * $0 + 1) * calls.count / (2 * Self.moments) }
      // Counted from 1.
      for (count, position) in Set(window).union(spread).sorted().enumerated() {
        let workspace = try Workspace(manifest: CrashReference.manifest)
        let outcome = try workspace.start(
          ["test.pipeline", "kill", "\(position + 1)"], program: "FaultyWinnow", threads: 1
        ).outcome()
        #expect(outcome.signal == SIGKILL, "call \(position) of \(calls.count)")
        let difference = try reference.differences(afterResuming: workspace, threads: 1 + count % 3)
        #expect(difference == nil, "killed at call \(position): \(calls[position])")
      }
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
