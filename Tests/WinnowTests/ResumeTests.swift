import Foundation
import Glibc
import TestSupport
import Testing

extension CommandTests {
  /// A run that is stopped, by whatever, whenever, and run again leaves what an undisturbed one does.
  @Suite struct Resume {
    enum Moment {
      /// When the stage has saved its state so many times since the command began.
      case saved(Int)
      /// When the stage has told the end of so many epochs or rounds: the next one is under way.
      case told(Int)
    }

    struct Blow: CustomTestStringConvertible {
      let signal: CInt
      let stage: String
      let moment: Moment

      var testDescription: String { "signal \(signal) in \(stage), \(moment)" }
    }

    /// Saving at every step, so that kills fall into the middle of epochs.
    private static let everyStep: [Blow] = [
      Blow(signal: SIGKILL, stage: "warmup", moment: .saved(2)),
      Blow(signal: SIGINT, stage: "warmup", moment: .saved(9)),
      Blow(signal: SIGKILL, stage: "warmup", moment: .saved(15)),
      Blow(signal: SIGKILL, stage: "fine_tuned", moment: .saved(1)),
      Blow(signal: SIGTERM, stage: "fine_tuned", moment: .saved(20)),
      Blow(signal: SIGKILL, stage: "backdoored", moment: .saved(21)),
      Blow(signal: SIGINT, stage: "backdoored", moment: .saved(1)),
      Blow(signal: SIGKILL, stage: "repaired", moment: .saved(3)),
      Blow(signal: SIGTERM, stage: "repaired", moment: .saved(6)),
      Blow(signal: SIGKILL, stage: "repaired", moment: .saved(2)),
    ]

    /// Saving at the ends of epochs and when asked to stop, as by default. All have three epochs or rounds,
    /// and one that is asked to stop in the last may as well come to its end.
    private static let everyEpoch: [Blow] = [
      Blow(signal: SIGINT, stage: "warmup", moment: .told(1)),
      Blow(signal: SIGKILL, stage: "warmup", moment: .told(1)),
      Blow(signal: SIGTERM, stage: "fine_tuned", moment: .told(1)),
      Blow(signal: SIGKILL, stage: "fine_tuned", moment: .told(1)),
      Blow(signal: SIGKILL, stage: "backdoored", moment: .told(2)),
      Blow(signal: SIGTERM, stage: "repaired", moment: .saved(1)),
      Blow(signal: SIGINT, stage: "repaired", moment: .saved(1)),
    ]

    @Test(arguments: [true, false]) func stoppedRunsEndTheSame(savesEveryStep: Bool) throws {
      let workspace = try Workspace()
      let options = savesEveryStep ? ["--checkpoint", "0"] : []
      for (index, blow) in (savesEveryStep ? Self.everyStep : Self.everyEpoch).enumerated() {
        // The number of threads may be another one every time.
        let command = try workspace.start(
          ["run", "test.pipeline"] + options, threads: 1 + (index + 1) % 2, stopsAtCheckpoints: true)
        try #require(waits(for: blow, command), "\(command.messages)")
        command.send(blow.signal)
        let outcome = try command.outcome()
        if blow.signal == SIGKILL {
          #expect(outcome.signal == SIGKILL, "\(blow.testDescription): \(outcome.messages)")
        } else {
          let name = blow.signal == SIGINT ? "Ctrl-C" : "SIGTERM"
          outcome.expect(
            status: 128 + blow.signal, messages: "stopped by \(name) in stage '\(blow.stage)'",
            "run the same command again to resume")
        }
        let status = try workspace.winnow(["status", "test.pipeline"]).output
        let line = try #require(status.split(separator: "\n").first { $0.contains("  \(blow.stage) ") })
        #expect(line.contains("; interrupted at "), "\(blow.testDescription): \(line)")
      }
      let last = try workspace.run()
      last.expect(messages: "repaired: never built; resumes from round ")
      #expect(last.built == ["repaired", "before", "after", "summary"])
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
      #expect(try workspace.storedPaths() == Workspace.reference.storedPaths(), "nothing is left over")
    }

    /// Lets the command go on to the moment of a blow, and returns whether it came there.
    private func waits(for blow: Blow, _ command: Command) -> Bool {
      switch blow.moment {
      case .saved(let count):
        return command.goesOnToCheckpoint(count, of: blow.stage)
      case .told(let count):
        // It tells what it has saved, and stops when it has saved the next: it cannot run away.
        guard command.goesOnToCheckpoint(count, of: blow.stage) else { return false }
        command.goOn()
        return command.wait {
          let lines = command.messages.split(separator: "\n")
          let ends = lines.filter {
            $0.contains("] \(blow.stage): epoch ") || $0.contains("] \(blow.stage): round ")
          }
          return ends.count >= count
        }
      }
    }

    /// Killed again and again, at any moment between one checkpoint and the next.
    @Test func killedAtRandomMoments() throws {
      let workspace = try Workspace()
      var generator = SeededGenerator(seed: 20)
      for _ in 0..<12 {
        let command = try workspace.start(
          ["run", "test.pipeline", "--checkpoint", "0"], stopsAtCheckpoints: true)
        for _ in 0..<Int.random(in: 1...20, using: &generator) {
          try #require(command.goesOnToCheckpoint(), "\(command.messages)")
        }
        command.goOn()
        usleep(UInt32.random(in: 0...4000, using: &generator))
        command.send(SIGKILL)
        #expect(try command.outcome().signal == SIGKILL)
      }
      try workspace.run().expect()
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
      #expect(try workspace.storedPaths() == Workspace.reference.storedPaths(), "nothing is left over")
    }

    /// A stage without checkpoints stops at once too, and starts from the beginning.
    @Test func stoppedWhileScoring() throws {
      let workspace = try Workspace(copyOf: .reference)
      let command = try workspace.start(["run", "test.pipeline", "scores.draws=1000"])
      try #require(command.wait { command.messages.contains("] scores: draws: 1 → 1000") })
      command.send(SIGINT)
      try command.outcome().expect(status: 130, messages: "stopped by Ctrl-C in stage 'scores'")
      let next = try workspace.run("scores.draws=2", "--only", "scores")
      next.expect()
      #expect(!next.messages.contains("resumes from"))
      #expect(next.built == ["scores"])
    }

    /// A checkpoint that is not what was saved is not used.
    @Test func aDamagedCheckpointIsNotUsed() throws {
      let workspace = try Workspace()
      let command = try workspace.start(["run", "test.pipeline"], stopsAtCheckpoints: true)
      try #require(command.goesOnToCheckpoint(1, of: "warmup"))
      command.send(SIGKILL)
      _ = try command.outcome()
      let folder = workspace.folder.appending(path: "artifacts/checkpoints")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".a.h5") || $0.hasSuffix(".b.h5") }
      #expect(!names.isEmpty)
      for name in names { try workspace.flipByte(30_000, of: "artifacts/checkpoints/\(name)") }
      let outcome = try workspace.run()
      outcome.expect(messages: "warmup: the checkpoint is damaged, so the stage starts from the beginning")
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
    }

    /// A second Ctrl-C does not wait for anything.
    @Test func stoppedTwice() throws {
      // It may be so fast that the first reaches it at the end of an epoch, where nothing is left to save.
      for _ in 0..<20 {
        let workspace = try Workspace()
        let command = try workspace.start(["run", "test.pipeline"], stopsAtCheckpoints: true)
        try #require(command.goesOnToCheckpoint(1, of: "warmup"))
        command.goOn()
        try #require(command.wait { command.messages.contains("] warmup: epoch 1 of 3") })
        command.send(SIGINT)
        guard command.goesOnToCheckpoint() else { continue }
        command.send(SIGINT)
        let outcome = try command.outcome()
        outcome.expect(status: 130)
        if outcome.messages.contains("stopped by") { continue }
        try workspace.run().expect()
        expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
        return
      }
      Issue.record("the second Ctrl-C does nothing")
    }
  }
}
