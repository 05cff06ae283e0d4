import COpenBLAS

/// The state of the library as a whole.
enum OpenBLAS {
  /// OpenBLAS would start threads of its own; the work is split here, by shape, so that sums do not
  /// depend on the number of threads.
  static let isSingleThreaded: Bool = {
    openblas_set_num_threads(1)
    return true
  }()
}
