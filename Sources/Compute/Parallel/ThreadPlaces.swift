import CThreads
import Synchronization

/// Keeps the threads of a pool on different cores, where there are enough.
///
/// A thread that is woken is put on the core of the one that woke it, as a rule, and as both often wait for each
/// other, the system sees no reason to move either: for seconds two threads were slower than one. Binding threads
/// to cores would be worse where other programs, or other pools, use the same ones; so a thread that finds itself
/// on another's core moves away once, and the system may move it again.
final class ThreadPlaces: @unchecked Sendable {
  private let threads: Int
  private let cores: UnsafeMutablePointer<Atomic<Int>>
  /// For each thread the cores of the others, when it moves: a training step allocates nothing.
  private let taken: UnsafeMutablePointer<Int32>

  init(threads: Int) {
    self.threads = threads
    cores = .allocate(capacity: threads)
    for thread in 0..<threads { (cores + thread).initialize(to: Atomic(-1)) }
    taken = .allocate(capacity: threads * threads)
    taken.initialize(repeating: -1, count: threads * threads)
  }

  deinit {
    cores.deinitialize(count: threads)
    cores.deallocate()
    taken.deallocate()
  }

  /// Notes the core of the calling thread.
  ///
  /// - Returns: whether a thread with a smaller number is on it.
  @inline(__always)
  func note(_ thread: Int) -> Bool {
    let core = Int(current_core())
    cores[thread].store(core, ordering: .relaxed)
    guard core >= 0 else { return false }
    for other in 0..<thread where cores[other].load(ordering: .relaxed) == core { return true }
    return false
  }

  /// Moves the calling thread to a core that no other thread of the pool is on, if there is one.
  func leave(_ thread: Int) {
    let others = taken + thread * threads
    for other in 0..<threads where other != thread {
      others[other] = Int32(truncatingIfNeeded: cores[other].load(ordering: .relaxed))
    }
    leave_cores(others, Int32(threads))
  }
}
