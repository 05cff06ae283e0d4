import Compute
import Foundation
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  private static let pools = [1, 2, 3, 5].map(WorkerPool.init)

  /// Counts how often each task ran.
  private func counts(_ pool: WorkerPool, _ tasks: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: tasks)
    counts.withUnsafeMutableBufferPointer { counts in
      pool.run(tasks) { task, _ in counts[task] += 1 }
    }
    return counts
  }

  @Test(arguments: pools.indices, [0, 1, 2, 3, 7, 1000])
  func everyTaskRunsOnce(pool: Int, tasks: Int) {
    for _ in 0..<20 {
      #expect(counts(Self.pools[pool], tasks) == [Int](repeating: 1, count: tasks))
    }
  }

  /// Calls that are over before the other threads have woken up.
  @Test func manySmallCalls() {
    let pool = Self.pools[1]
    var sums = [0, 0, 0]
    sums.withUnsafeMutableBufferPointer { sums in
      for call in 0..<20_000 { pool.run(1 + call % 3) { task, _ in sums[task] += 1 } }
    }
    #expect(sums == [20_000, 13_333, 6_666])
  }

  /// The threads fall asleep between the calls.
  @Test func callsAfterAPause() {
    for _ in 0..<20 {
      usleep(2000)
      #expect(counts(Self.pools[2], 9) == [Int](repeating: 1, count: 9))
    }
  }

  @Test(arguments: pools.indices) func noTwoTasksShareAWorker(pool: Int) {
    let pool = Self.pools[pool]
    let busy = Mutex([Bool](repeating: false, count: pool.threads))
    let clashes = Atomic<Int>(0)
    pool.run(300) { task, worker in
      let wasBusy = busy.withLock { busy in
        defer { busy[worker] = true }
        return busy[worker]
      }
      if wasBusy { clashes.add(1, ordering: .relaxed) }
      if task % 7 == 0 { usleep(50) }
      busy.withLock { $0[worker] = false }
    }
    #expect(clashes.load(ordering: .relaxed) == 0)
  }

  /// Two threads that use the same pool take turns.
  @Test func callersTakeTurns() {
    let pool = Self.pools[1]
    let total = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<200 { pool.run(5) { task, _ in total.add(task, ordering: .relaxed) } }
    }
    #expect(total.load(ordering: .relaxed) == 4 * 200 * 10)
  }

  /// What the tasks wrote is there when the call returns, and what the caller wrote is there for them.
  @Test func callsFollowEachOther() {
    let pool = Self.pools[2]
    var values = [Int](repeating: 1, count: 64)
    values.withUnsafeMutableBufferPointer { values in
      for _ in 0..<20 {
        let before = Array(values)
        pool.run(64) { task, _ in values[task] = (before[task] + before[(task + 1) % 64]) % 1_000_003 }
      }
    }
    // 2²⁰ in every place.
    #expect(values.allSatisfy { $0 == (1 << 20) % 1_000_003 })
  }
}
