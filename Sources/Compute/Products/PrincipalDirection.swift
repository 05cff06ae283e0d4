import COpenBLAS

/// The direction in which rows of numbers differ most: the right singular vector of their matrix that
/// belongs to the largest singular value.
public enum PrincipalDirection {
  /// The squares of the projections of `rows` on their principal direction, `[count]`.
  ///
  /// Computed in double precision by the calling thread alone, from the eigenvectors of RᵀR, or of RRᵀ
  /// where there are fewer rows than columns.
  ///
  /// - Parameters:
  ///   - rows: R, `[count, length]`, the last axis varying fastest; finite numbers.
  ///   - length: The length of a row; at least 1.
  /// - Returns: zeros where all rows are zero; `nil` when LAPACK finds no eigenvectors, which it does
  ///   for any finite numbers whose squares are finite too.
  public static func squaredProjections(of rows: [Double], length: Int) -> [Double]? {
    let count = rows.count / length
    guard count > 0 else { return [] }
    let isWide = count < length
    let order = isWide ? count : length
    guard let largest = largestEigenpair(of: gram(rows, length: length, isWide: isWide), order: order)
    else { return nil }
    // With u the eigenvector of RRᵀ for the eigenvalue λ, the projections Rv are √λ·u.
    if isWide { return largest.vector.map { max(0, largest.value) * $0 * $0 } }
    var projections = [Double](repeating: 0, count: count)
    cblas_dgemv(
      CblasRowMajor, CblasNoTrans, blasint(count), blasint(length), 1, rows, blasint(length),
      largest.vector, 1, 0, &projections, 1)
    return projections.map { $0 * $0 }
  }

  /// The upper triangle of RᵀR, or of RRᵀ if `isWide`, row by row.
  private static func gram(_ rows: [Double], length: Int, isWide: Bool) -> [Double] {
    _ = OpenBLAS.isSingleThreaded
    let count = rows.count / length
    let (order, inner) = isWide ? (count, length) : (length, count)
    var product = [Double](repeating: 0, count: order * order)
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, isWide ? CblasNoTrans : CblasTrans, blasint(order), blasint(inner),
      1, rows, blasint(length), 0, &product, blasint(order))
    return product
  }

  /// The largest eigenvalue of a symmetric matrix and its eigenvector, of length 1.
  ///
  /// - Parameter matrix: `[order, order]`; what is below the diagonal does not count.
  private static func largestEigenpair(
    of matrix: [Double], order: Int
  ) -> (value: Double, vector: [Double])? {
    var matrix = matrix
    var size = blasint(order)
    // Values by their place in ascending order; the bounds for values do not count then.
    var (place, lower, upper, tolerance) = (size, 0.0, 0.0, 0.0)
    var (found, info) = (blasint(0), blasint(0))
    var values = [Double](repeating: 0, count: order)
    var vector = [Double](repeating: 0, count: order)
    var support = [blasint](repeating: 0, count: 2 * order)

    func solve(_ work: inout [Double], _ integers: inout [blasint], sizes: blasint?) {
      var workSize = sizes ?? blasint(work.count)
      var integerSize = sizes ?? blasint(integers.count)
      // What is the upper triangle by rows is the lower one by columns, as Fortran counts.
      dsyevr_(
        "V", "I", "L", &size, &matrix, &size, &lower, &upper, &place, &place, &tolerance, &found,
        &values, &vector, &size, &support, &work, &workSize, &integers, &integerSize, &info, 1, 1, 1)
    }
    // A first call asks how much memory is best.
    var (work, integers) = ([0.0], [blasint(0)])
    solve(&work, &integers, sizes: -1)
    guard info == 0 else { return nil }
    work = [Double](repeating: 0, count: Int(work[0]))
    integers = [blasint](repeating: 0, count: Int(integers[0]))
    solve(&work, &integers, sizes: nil)
    return info == 0 && found == 1 ? (values[0], vector) : nil
  }
}
