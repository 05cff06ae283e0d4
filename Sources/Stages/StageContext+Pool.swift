import Compute
import Pipelines

extension StageContext {
  /// The threads that the stage may use.
  var pool: WorkerPool {
    threads == WorkerPool.shared.threads ? .shared : WorkerPool(threads: threads)
  }
}
