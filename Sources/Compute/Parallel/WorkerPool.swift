import Foundation
import Synchronization

/// A fixed group of threads that work through a list of tasks together.
///
/// The tasks of a call are numbered; which thread takes which is left to chance. Results are the
/// same for any number of threads as long as a task writes only to places of its own, which is how
/// every caller in this project splits its work: by shape alone, never by the number of threads.
/// The threads end with the pool.
///
///     let pool = WorkerPool(threads: 2)
///     pool.run(8) { task, worker in partial[task] = sum(of: rows(task)) }
public final class WorkerPool: Sendable {
  /// The number of threads, the calling one included.
  public let threads: Int
  private let crew: Crew

  /// The pool for the whole process: as many threads as the machine has cores, or `WINNOW_THREADS`.
  public static let shared = WorkerPool(threads: defaultThreadCount)

  public static var defaultThreadCount: Int {
    if let text = ProcessInfo.processInfo.environment["WINNOW_THREADS"],
      let count = Int(text), (1...1024).contains(count)
    {
      return count
    }
    return max(1, ProcessInfo.processInfo.activeProcessorCount)
  }

  public init(threads: Int) {
    precondition(threads >= 1)
    self.threads = threads
    let crew = Crew(threads: threads)
    self.crew = crew
    for worker in 1..<threads {
      let thread = Thread { crew.work(as: worker) }
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  deinit { crew.dismiss() }

  /// Calls `body(task, worker)` once for every task in 0..<`count` and returns when all are done.
  ///
  /// `worker` is in 0..<`threads`; no two tasks run at the same time with the same worker, so it can
  /// index scratch memory. A task must not call `run` on the same pool.
  // Not inlined: what a borrowed closure has captured stays until the call returns.
  @inline(never)
  public func run(_ count: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    crew.run(count, body)
  }
}

/// The threads of a pool, and the call that they work at.
private final class Crew: @unchecked Sendable {
  private let threads: Int

  /// The call's number of tasks in the upper half, and in the lower half the next one that nobody has taken.
  ///
  /// Both in one word: whoever adds to it learns whether there was a task left and takes it at the same time.
  /// So the caller waits for tasks that were taken, never for a thread that sleeps or has lost its core.
  private let ticket = Atomic<UInt64>(0)
  private let completed = Atomic<Int>(0)
  /// Read only by those who have taken a task: a call cannot end before they are done.
  private var body: BorrowedClosure?

  /// Counts calls, for threads that wait for one.
  private let generation = Atomic<Int>(0)
  private let sleeping = Atomic<Int>(0)

  private let condition = NSCondition()
  private let calls = NSLock()

  private var isDismissed = false

  init(threads: Int) { self.threads = threads }

  /// Lets the threads end.
  func dismiss() {
    condition.lock()
    isDismissed = true
    generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
    condition.broadcast()
    condition.unlock()
  }

  func run(_ count: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    calls.lock()
    defer { calls.unlock() }
    if threads == 1 || count <= 1 {
      for task in 0..<max(count, 0) { body(task, 0) }
      return
    }
    precondition(count < 1 << 31, "more tasks than a ticket can count")
    self.body = BorrowedClosure(body)
    completed.store(0, ordering: .relaxed)
    ticket.store(UInt64(count) << 32, ordering: .releasing)
    generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if sleeping.load(ordering: .sequentiallyConsistent) > 0 {
      condition.lock()
      condition.broadcast()
      condition.unlock()
    }
    takeTasks(as: 0)
    var spins = 0
    while completed.load(ordering: .acquiring) < count {
      spins += 1
      if spins > 2000 { sched_yield() }
    }
    self.body = nil
  }

  private func takeTasks(as worker: Int) {
    while true {
      let taken = ticket.wrappingAdd(1, ordering: .acquiring).oldValue
      let task = taken & 0xffff_ffff
      guard task < taken >> 32, let body else { return }
      body(Int(task), worker)
      completed.wrappingAdd(1, ordering: .releasing)
    }
  }

  func work(as worker: Int) {
    var seen = 0
    while true {
      seen = waitForCall(after: seen)
      if isDismissed { return }
      takeTasks(as: worker)
    }
  }

  /// Spins for some 50 microseconds (calls follow each other closely while a network trains), then
  /// sleeps.
  private func waitForCall(after seen: Int) -> Int {
    for _ in 0..<20_000 {
      let current = generation.load(ordering: .acquiring)
      if current != seen { return current }
    }
    condition.lock()
    sleeping.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == seen {
      condition.wait()
    }
    sleeping.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    condition.unlock()
    return generation.load(ordering: .sequentiallyConsistent)
  }
}
