import Foundation
import SystemPackage

/// Runs stages on threads of this process.
final class ThreadExecutor: StageExecutor, @unchecked Sendable {
  private let store: ArtifactStore
  private let reporter: any RunReporter
  /// Whether a stage is run by the thread that starts it: there is one at a time then.
  private let isInPlace: Bool
  private let condition = NSCondition()
  private var ended: [(number: Int, outcome: StageOutcome)] = []
  /// The stages at work, and whether no other one was meanwhile, so that the process's memory is that of this
  /// one.
  private var isAlone: [Int: Bool] = [:]

  init(store: ArtifactStore, reporter: any RunReporter, isInPlace: Bool) {
    self.store = store
    self.reporter = reporter
    self.isInPlace = isInPlace
  }

  var sharesMachine: Bool { true }

  func output(for fingerprint: Digest) throws -> FilePath { try store.temporaryArtifact() }

  func start(_ task: StageTask, _ kind: any Stage.Type, number: Int, stops: [Interruption]) {
    condition.withLock {
      for other in isAlone.keys { isAlone[other] = false }
      isAlone[number] = isAlone.isEmpty
    }
    let work = StageWork(task: task, kind: kind, store: store, reporter: reporter, interruptions: stops)
    if isInPlace { return perform(work, number) }
    let thread = Thread { [self] in perform(work, number) }
    thread.stackSize = 8 << 20
    thread.start()
  }

  private func perform(_ work: StageWork, _ number: Int) {
    let result = Result { try work.perform() }
    condition.withLock {
      let wasAlone = isAlone.removeValue(forKey: number) ?? false
      switch result {
      case .success(var result):
        if !wasAlone { result.peakMemory = nil }
        ended.append((number, .done(result)))
      case .failure(let error): ended.append((number, .failed(error)))
      }
      condition.signal()
    }
  }

  func next() -> (number: Int, outcome: StageOutcome) {
    condition.withLock {
      while ended.isEmpty { condition.wait() }
      return ended.removeFirst()
    }
  }

  func remove(_ task: StageTask) {
    try? store.files.removeIfPresent(task.output)
  }
}
