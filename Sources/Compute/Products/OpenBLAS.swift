import CKernelChoice
import COpenBLAS

/// The state of the library as a whole.
enum OpenBLAS {
  /// Whether the library computes the same on every machine and for any number of threads: to be asked before each
  /// use.
  ///
  /// OpenBLAS would take other kernels on other processors, and start threads of its own; the work is split here,
  /// by shape, so that sums do not depend on the number of threads.
  static let isReproducible: Bool = {
    choose_openblas_kernels()
    openblas_set_num_threads(1)
    return true
  }()
}
