import Synchronization

/// A request to stop, set by a signal handler and read by running stages.
public final class Interruption: Sendable {
  private let signal = Atomic<Int32>(0)

  public init() {}

  /// The number of the signal that asked, 0 when none has.
  public var requestedBy: Int32 { signal.load(ordering: .relaxed) }

  public var isRequested: Bool { requestedBy != 0 }

  /// Async-signal-safe.
  public func request(_ number: Int32) { signal.store(number, ordering: .relaxed) }
}
