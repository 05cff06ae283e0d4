import Synchronization

/// A request to stop, set by a signal handler and read by running stages.
package final class Interruption: Sendable {
  private let signal = Atomic<Int32>(0)

  package init() {}

  /// The number of the signal that asked, 0 when none has.
  package var requestedBy: Int32 { signal.load(ordering: .relaxed) }

  package var isRequested: Bool { requestedBy != 0 }

  /// Async-signal-safe.
  package func request(_ number: Int32) { signal.store(number, ordering: .relaxed) }
}
