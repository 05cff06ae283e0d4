import COpenBLAS

/// Eigenvectors of symmetric matrices, by LAPACK's `dsyevr`.
enum SymmetricEigenpairs {
  /// The largest eigenvalues of a symmetric matrix, ascending, and their eigenvectors of length 1,
  /// `[count, order]`.
  ///
  /// - Parameters:
  ///   - count: how many; from 1 to `order`.
  ///   - matrix: `[order, order]`; what is below the diagonal does not count.
  /// - Returns: `nil` when LAPACK finds none, which it does for any finite numbers.
  static func largest(
    _ count: Int, of matrix: [Double], order: Int
  ) -> (values: [Double], vectors: [Double])? {
    var matrix = matrix
    var size = blasint(order)
    // Values by their place in ascending order; the bounds for values do not count then.
    var (first, last, lower, upper, tolerance) = (blasint(order - count + 1), size, 0.0, 0.0, 0.0)
    var (found, info) = (blasint(0), blasint(0))
    var values = [Double](repeating: 0, count: order)
    var vectors = [Double](repeating: 0, count: count * order)
    var support = [blasint](repeating: 0, count: 2 * order)

    func solve(_ work: inout [Double], _ integers: inout [blasint], sizes: blasint?) {
      var workSize = sizes ?? blasint(work.count)
      var integerSize = sizes ?? blasint(integers.count)
      // What is the upper triangle by rows is the lower one by columns, as Fortran counts.
      dsyevr_(
        "V", "I", "L", &size, &matrix, &size, &lower, &upper, &first, &last, &tolerance, &found,
        &values, &vectors, &size, &support, &work, &workSize, &integers, &integerSize, &info, 1, 1, 1)
    }
    // A first call asks how much memory is best.
    var (work, integers) = ([0.0], [blasint(0)])
    solve(&work, &integers, sizes: -1)
    guard info == 0 else { return nil }
    work = [Double](repeating: 0, count: Int(work[0]))
    integers = [blasint](repeating: 0, count: Int(integers[0]))
    solve(&work, &integers, sizes: nil)
    return info == 0 && found == count ? (Array(values.prefix(count)), vectors) : nil
  }

  /// The upper triangle of RᵀR, or of RRᵀ if `isWide`, row by row.
  ///
  /// - Parameter rows: R, `[count, length]`.
  static func gram(_ rows: [Double], length: Int, isWide: Bool) -> [Double] {
    _ = OpenBLAS.isReproducible
    let count = rows.count / length
    let (order, inner) = isWide ? (count, length) : (length, count)
    var product = [Double](repeating: 0, count: order * order)
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, isWide ? CblasNoTrans : CblasTrans, blasint(order), blasint(inner),
      1, rows, blasint(length), 0, &product, blasint(order))
    return product
  }
}
