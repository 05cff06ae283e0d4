import Foundation

/// The results of stages, which may have run on other threads.
final class StageResults: @unchecked Sendable {
  private let condition = NSCondition()
  private var ended: [(index: Int, error: (any Error)?)] = []

  func perform(_ build: StageBuild, _ index: Int) {
    var failure: (any Error)?
    do { try build.perform() } catch { failure = error }
    condition.lock()
    ended.append((index, failure))
    condition.signal()
    condition.unlock()
  }

  /// Waits for one that has ended.
  func next() -> (index: Int, error: (any Error)?) {
    condition.lock()
    defer { condition.unlock() }
    while ended.isEmpty { condition.wait() }
    return ended.removeFirst()
  }
}
