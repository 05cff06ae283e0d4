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
    guard
      let largest = SymmetricEigenpairs.largest(
        1, of: SymmetricEigenpairs.gram(rows, length: length, isWide: isWide),
        order: isWide ? count : length)
    else { return nil }
    // With u the eigenvector of RRᵀ for the eigenvalue λ, the projections Rv are √λ·u.
    if isWide { return largest.vectors.map { max(0, largest.values[0]) * $0 * $0 } }
    var projections = [Double](repeating: 0, count: count)
    cblas_dgemv(
      CblasRowMajor, CblasNoTrans, blasint(count), blasint(length), 1, rows, blasint(length),
      largest.vectors, 1, 0, &projections, 1)
    return projections.map { $0 * $0 }
  }
}
