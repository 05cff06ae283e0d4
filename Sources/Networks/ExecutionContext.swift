import Compute

/// What the layers of a network share: the threads, and scratch memory that no layer needs after
/// its call returns.
public final class ExecutionContext {
  public let pool: WorkerPool
  private var scratch: [FloatBuffer]

  public init(pool: WorkerPool = .shared) {
    self.pool = pool
    scratch = (0..<pool.threads).map { _ in FloatBuffer(count: 0) }
  }

  /// Makes sure that every worker has scratch memory for `count` numbers. Layers call it when they
  /// are made, so that a training step allocates nothing.
  public func reserveScratch(_ count: Int) {
    for worker in scratch.indices where scratch[worker].count < count {
      scratch[worker] = FloatBuffer(count: count)
    }
  }

  /// The scratch memory of a worker.
  @inline(__always)
  public func scratch(of worker: Int) -> UnsafeMutablePointer<Float> { scratch[worker].pointer }
}
