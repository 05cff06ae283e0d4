import Foundation
import Glibc
import Testing

extension CommandTests {
  /// A run that is stopped, by whatever, whenever, and run again leaves what an undisturbed one does.
  @Suite struct Resume {
    enum Moment {
      /// When a stage has saved its state so many times since the command began.
      case saved(Int)
      /// When a stage has told the end of an epoch or round: the next one is under way.
      case ended(String)
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
      Blow(signal: SIGKILL, stage: "spread", moment: .saved(1)),
      Blow(signal: SIGTERM, stage: "spread", moment: .saved(20)),
      Blow(signal: SIGKILL, stage: "backdoored", moment: .saved(21)),
      Blow(signal: SIGINT, stage: "backdoored", moment: .saved(1)),
      Blow(signal: SIGKILL, stage: "repaired", moment: .saved(3)),
      Blow(signal: SIGTERM, stage: "repaired", moment: .saved(6)),
      Blow(signal: SIGKILL, stage: "repaired", moment: .saved(2)),
    ]

    /// Saving at the ends of epochs and when asked to stop, as by default.
    private static let everyEpoch: [Blow] = [
      Blow(signal: SIGKILL, stage: "warmup", moment: .ended("epoch 1 of 3")),
      Blow(signal: SIGINT, stage: "warmup", moment: .ended("epoch 2 of 3")),
      Blow(signal: SIGTERM, stage: "spread", moment: .ended("epoch 1 of 3")),
      Blow(signal: SIGKILL, stage: "spread", moment: .ended("epoch 2 of 3")),
      Blow(signal: SIGKILL, stage: "backdoored", moment: .ended("epoch 2 of 3")),
      Blow(signal: SIGKILL, stage: "repaired", moment: .ended("round 1 of 3")),
      Blow(signal: SIGINT, stage: "repaired", moment: .ended("round 2 of 3")),
    ]

    @Test(arguments: [true, false]) func stoppedRunsEndTheSame(savesEveryStep: Bool) throws {
      let workspace = try Workspace()
      let options = savesEveryStep ? ["--checkpoint", "0"] : []
      for (index, blow) in (savesEveryStep ? Self.everyStep : Self.everyEpoch).enumerated() {
        // The number of threads may be another one every time.
        let command = try workspace.start(
          ["run", "test.pipeline"] + options, threads: 1 + (index + 1) % 2)
        try #require(command.wait { isDue(blow, command, workspace) }, "\(command.messages)")
        command.send(blow.signal)
        let outcome = try command.outcome()
        if blow.signal == SIGKILL {
          #expect(outcome.signal == SIGKILL, "\(blow.testDescription): \(outcome.messages)")
        } else {
          let name = blow.signal == SIGINT ? "Ctrl-C" : "SIGTERM"
          outcome.expect(
            status: 128 + blow.signal, messages: "stopped by \(name) in stage '\(blow.stage)'",
            "the same command goes on from here")
        }
        let status = try workspace.winnow(["status", "test.pipeline"]).output
        let line = try #require(status.split(separator: "\n").first { $0.contains("  \(blow.stage) ") })
        #expect(line.contains("; interrupted at "), "\(blow.testDescription): \(line)")
      }
      let last = try workspace.run()
      last.expect(messages: "repaired: never built; goes on from round ")
      #expect(last.built == ["repaired", "before", "after", "summary"])
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
      #expect(try workspace.storedPaths() == Workspace.reference.storedPaths(), "nothing is left over")
    }

    private func isDue(_ blow: Blow, _ command: Command, _ workspace: Workspace) -> Bool {
      switch blow.moment {
      case .ended(let label):
        return command.messages.contains("] \(blow.stage): \(label)")
      case .saved(let count):
        guard command.messages.contains("] \(blow.stage): ") else { return false }
        let start = workspace.checkpointRecord()
        var (last, seen) = (start, 0)
        return command.wait {
          let record = workspace.checkpointRecord()
          if let record, record != last {
            last = record
            seen += 1
          }
          return seen >= count
        }
      }
    }

    /// Killed again and again, wherever it happens to be.
    @Test func killedAtRandomMoments() throws {
      let workspace = try Workspace()
      var generator = SeededGenerator(seed: 20)
      var kills = 0
      for _ in 0..<12 {
        let command = try workspace.start(["run", "test.pipeline", "--checkpoint", "0"])
        usleep(UInt32.random(in: 40_000...400_000, using: &generator))
        command.send(SIGKILL)
        if try command.outcome().signal == SIGKILL { kills += 1 }
      }
      #expect(kills > 2)
      try workspace.run().expect()
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
      #expect(try workspace.storedPaths() == Workspace.reference.storedPaths(), "nothing is left over")
    }

    /// A stage without checkpoints stops at once too, and begins anew.
    @Test func stoppedWhileScoring() throws {
      let workspace = try Workspace(copyOf: .reference)
      let command = try workspace.start(["run", "test.pipeline", "scores.draws=1000"])
      try #require(command.wait { command.messages.contains("] scores: draws: 1 → 1000") })
      command.send(SIGINT)
      try command.outcome().expect(status: 130, messages: "stopped by Ctrl-C in stage 'scores'")
      let next = try workspace.run("scores.draws=2", "--only", "scores")
      next.expect()
      #expect(!next.messages.contains("goes on from"))
      #expect(next.built == ["scores"])
    }

    /// A checkpoint that is not what was saved is not used.
    @Test func aDamagedCheckpointIsNotUsed() throws {
      let workspace = try Workspace()
      let command = try workspace.start(["run", "test.pipeline"])
      try #require(command.wait { command.messages.contains("] warmup: epoch 1 of 3") })
      command.send(SIGKILL)
      _ = try command.outcome()
      let folder = workspace.folder.appending(path: "artifacts/checkpoints")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".a.h5") || $0.hasSuffix(".b.h5") }
      #expect(!names.isEmpty)
      for name in names { try workspace.flipByte(30_000, of: "artifacts/checkpoints/\(name)") }
      let outcome = try workspace.run()
      outcome.expect(messages: "warmup: the checkpoint is damaged, and the stage begins anew")
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
    }

    /// A second Ctrl-C does not wait for anything.
    @Test func stoppedTwice() throws {
      let workspace = try Workspace()
      let command = try workspace.start(["run", "test.pipeline"])
      command.wait { command.messages.contains("[1/14] train") }
      command.send(SIGINT)
      command.send(SIGINT)
      let outcome = try command.outcome()
      #expect(outcome.status == 130)
      try workspace.run().expect()
      expectEqual(try workspace.artifacts(), try Workspace.reference.artifacts())
    }
  }
}
