import Glibc
import Pipelines
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite(.nothingStaysOpen) struct LockTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// What belongs to a run can be done before anybody else runs.
  @Test func theStoreIsHeldBeyondTheRun() throws {
    let runner = try workspace.runner(.standard())
    try runner.holdingStore {
      try runner.run()
      #expect(throws: PipelineError.self) { try workspace.run(.standard()) }
    }
    try workspace.run(.standard())
  }

  @Test func aSecondRunSaysWhoHoldsTheStore() throws {
    // From inside a stage, the lock is held. A lock on another descriptor conflicts even in one process.
    let directory = workspace.directory
    let found = Mutex<PipelineError?>(nil)
    let recorder = Recorder { _ in
      do {
        try Runner(
          pipeline: .standard(), store: ArtifactStore(root: directory.appending("artifacts")),
          directory: directory, reporter: Recorder()
        ).run()
      } catch {
        found.withLock { $0 = error as? PipelineError }
      }
    }
    var builder = TestPipeline(name: "first")
    builder.add("source", Source.self, ["path": .path("data")])
    builder.add("walk", Walk.self, ["steps": .integer(1)], ["numbers": ["source"]])
    try workspace.runner(builder.checked, reporter: recorder).run()

    let error = try #require(found.withLock { $0 })
    guard case .locked(_, let holder?) = error else {
      Issue.record("not locked: \(error)")
      return
    }
    #expect(holder.processID == getpid())
    #expect(holder.manifest == "first.pipeline")
    #expect(error.exitStatus.rawValue == 75)
  }

  @Test func readersDoNotWait() throws {
    let directory = workspace.directory
    let isPlanned = Mutex(false)
    let recorder = Recorder { _ in
      let plan = try? Runner(
        pipeline: .standard(), store: ArtifactStore(root: directory.appending("artifacts")),
        directory: directory, reporter: Recorder()
      ).plan()
      isPlanned.withLock { $0 = plan != nil }
    }
    var builder = TestPipeline(name: "first")
    builder.add("source", Source.self, ["path": .path("data")])
    builder.add("walk", Walk.self, ["steps": .integer(1)], ["numbers": ["source"]])
    try workspace.runner(builder.checked, reporter: recorder).run()
    #expect(isPlanned.withLock { $0 })
  }

  @Test func waitingEndsWhenTheLockIsFree() throws {
    try workspace.makeFolder("artifacts")
    let descriptor = open(workspace.path("artifacts/lock").string, O_RDWR | O_CREAT, 0o644)
    #expect(flock(descriptor, LOCK_EX) == 0)
    let recorder = Recorder(onWaiting: { close(descriptor) })
    let summary = try workspace.runner(.standard(), RunOptions(waits: true), reporter: recorder).run()
    #expect(summary.built.count == 4)
    #expect(recorder.events.first == "waits for ?")
  }

  @Test func waitingCanBeInterrupted() throws {
    try workspace.makeFolder("artifacts")
    let descriptor = open(workspace.path("artifacts/lock").string, O_RDWR | O_CREAT, 0o644)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    let interruption = Interruption()
    interruption.request(2)
    #expect {
      try workspace.runner(.standard(), RunOptions(waits: true), interruption: interruption).run()
    } throws: { error in
      (error as? PipelineError)?.exitStatus.rawValue == 130
    }
  }
}
