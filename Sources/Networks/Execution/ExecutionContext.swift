import Compute

/// What the layers of a network share: the threads, and scratch memory that no layer needs after
/// its call returns, some for each worker and some for all of them together.
package final class ExecutionContext {
  package let pool: WorkerPool
  private var scratch: [FloatBuffer]
  private var common = FloatBuffer(count: 0)
  private var transient = FloatBuffer(count: 0)
  let convolutions: ConvolutionChoice

  package convenience init(pool: WorkerPool = .shared) { self.init(pool: pool, convolutions: .byShape) }

  package init(pool: WorkerPool, convolutions: ConvolutionChoice) {
    self.pool = pool
    self.convolutions = convolutions
    scratch = (0..<pool.threads).map { _ in FloatBuffer(count: 0) }
  }

  /// Makes sure that every worker has scratch memory for `count` numbers. Layers call it when they
  /// are made, so that a training step allocates nothing.
  package func reserveScratch(_ count: Int) {
    for worker in scratch.indices where scratch[worker].count < count {
      scratch[worker] = FloatBuffer(count: count)
    }
  }

  /// The scratch memory of a worker.
  @inline(__always)
  package func scratch(of worker: Int) -> UnsafeMutablePointer<Float> { scratch[worker].pointer }

  /// Makes sure that there is common scratch memory for `count` numbers.
  package func reserveCommonScratch(_ count: Int) {
    if common.count < count { common = FloatBuffer(count: count) }
  }

  /// The scratch memory of all workers.
  @inline(__always)
  package var commonScratch: UnsafeMutablePointer<Float> { common.pointer }

  /// Makes sure that there is memory for `count` numbers that a layer may use for the time of one call.
  func reserveTransient(_ count: Int) {
    if transient.count < count { transient = FloatBuffer(count: count) }
  }

  /// Memory for the time of one call of a layer: what a convolution gives before it is brought to its
  /// place, or a gradient on its way through a layer.
  @inline(__always)
  var transientMemory: UnsafeMutablePointer<Float> { transient.pointer }
}

/// Which algorithms the convolutions of a network are computed by.
package enum ConvolutionChoice: Sendable {
  /// The fastest for each shape.
  case byShape
  /// The general one for all: what the others are held against.
  case direct
}
