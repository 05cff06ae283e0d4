import Synchronization

/// The tasks of a call, dealt out among the threads: each begins with a run of its own, then it helps the others.
///
/// Layers divide their images in the same order. So a thread mostly finds what it wrote in one layer in its own
/// core's cache in the next.
final class TaskTickets: @unchecked Sendable {
  private let threads: Int

  /// For each thread, the end of its run in the upper half of a word, and in the lower half the next task that nobody
  /// has taken.
  ///
  /// Both in one word: whoever adds to it learns whether there was a task left and takes it at the same time.
  /// The words are 128 bytes apart, for threads that take their own disturb no others.
  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  private static let stride = 16

  init(threads: Int) {
    self.threads = threads
    words = .allocate(capacity: threads * Self.stride)
    for index in 0..<threads * Self.stride { (words + index).initialize(to: Atomic(0)) }
  }

  deinit {
    words.deinitialize(count: threads * Self.stride)
    words.deallocate()
  }

  /// Deals out the tasks in 0..<`count`. Whoever takes one sees all that was written before.
  func deal(_ count: Int) {
    precondition(count < 1 << 31, "more tasks than a ticket can count")
    for thread in 0..<threads {
      let (start, end) = (count * thread / threads, count * (thread + 1) / threads)
      words[thread * Self.stride].store(UInt64(end) << 32 | UInt64(start), ordering: .releasing)
    }
  }

  /// Takes the next task of a thread's run, if any is left.
  @inline(__always)
  func take(from thread: Int) -> Int? {
    let word = words + thread * Self.stride
    let seen = word.pointee.load(ordering: .relaxed)
    guard seen & 0xffff_ffff < seen >> 32 else { return nil }
    let taken = word.pointee.wrappingAdd(1, ordering: .acquiring).oldValue
    let task = taken & 0xffff_ffff
    return task < taken >> 32 ? Int(task) : nil
  }
}
