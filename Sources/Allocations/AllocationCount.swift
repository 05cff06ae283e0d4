import CAllocations
import Compute
import Synchronization

/// Counts calls of the memory allocator (`malloc` and its like, and `mmap`) by the calling thread and
/// those of a pool, whatever else goes on in the process.
///
/// A program that has this module in it has its own allocator functions, in front of the C library's.
package struct AllocationCount {
  private let pool: WorkerPool

  /// Whether this build can count at all; one with a sanitizer cannot.
  package static var isPossible: Bool { allocations_are_counted() }

  package init(of pool: WorkerPool) { self.pool = pool }

  /// Calls by watched threads since the process began: what matters is by how much it grows.
  package var total: Int { Int(allocations_counted()) }

  /// Watches the threads while `body` runs.
  package func watch<Result>(_ body: () throws -> Result) rethrows -> Result {
    setWatched(true)
    defer { setWatched(false) }
    return try body()
  }

  /// As many tasks as threads, of which none ends before all have begun: every thread takes one.
  private func setWatched(_ isWatched: Bool) {
    let begun = Atomic<Int>(0)
    pool.run(pool.threads) { _, _ in
      allocations_watch_thread(isWatched)
      begun.add(1, ordering: .sequentiallyConsistent)
      while begun.load(ordering: .sequentiallyConsistent) < pool.threads { continue }
    }
  }
}
