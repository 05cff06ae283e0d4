import CThreads
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

  /// The caller waits for tasks that were taken, never for a thread that sleeps or has lost its core.
  private let tickets: TaskTickets
  private let completed = Atomic<Int>(0)
  /// Read only by those who have taken a task: a call cannot end before they are done.
  private var body: BorrowedClosure?

  /// Counts calls, for threads that wait for one.
  private let generation = Atomic<Int>(0)
  private let sleeping = Atomic<Int>(0)

  private let places: ThreadPlaces
  private let condition = NSCondition()
  private let calls = NSLock()

  private var isDismissed = false

  init(threads: Int) {
    self.threads = threads
    tickets = TaskTickets(threads: threads)
    places = ThreadPlaces(threads: threads)
  }

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
    self.body = BorrowedClosure(body)
    completed.store(0, ordering: .relaxed)
    _ = places.note(0)
    tickets.deal(count)
    generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if sleeping.load(ordering: .sequentiallyConsistent) > 0 {
      condition.lock()
      condition.broadcast()
      condition.unlock()
    }
    takeTasks(as: 0)
    var patience = Patience()
    while completed.load(ordering: .acquiring) < count { patience.wait() }
    self.body = nil
  }

  private func takeTasks(as worker: Int) {
    for offset in 0..<threads {
      let owner = worker + offset < threads ? worker + offset : worker + offset - threads
      while let task = tickets.take(from: owner), let body {
        body(task, worker)
        completed.wrappingAdd(1, ordering: .releasing)
      }
    }
  }

  func work(as worker: Int) {
    var seen = 0
    var callsUntilMove = 0
    while true {
      seen = waitForCall(after: seen)
      if isDismissed { return }
      // Not at each call: where other programs have the cores, moving helps nobody.
      callsUntilMove = max(0, callsUntilMove - 1)
      if places.note(worker), callsUntilMove == 0 {
        places.leave(worker)
        callsUntilMove = 100
      }
      takeTasks(as: worker)
    }
  }

  /// Spins for some three milliseconds, then sleeps: calls follow each other closely while a network trains.
  private func waitForCall(after seen: Int) -> Int {
    var patience = Patience()
    while !patience.isAtEnd {
      let current = generation.load(ordering: .acquiring)
      if current != seen { return current }
      patience.wait()
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

/// How a thread waits for another one that is likely to be done soon.
private struct Patience {
  private var turns = 0

  /// After some three milliseconds of a core that nobody else wants.
  var isAtEnd: Bool { turns >= 10_000 }

  /// At first without a call of the system; later others may have the core.
  @inline(__always)
  mutating func wait() {
    turns &+= 1
    if turns < 2_000 { spin_hint() } else { sched_yield() }
  }
}
