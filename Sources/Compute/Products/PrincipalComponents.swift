import COpenBLAS

/// Rows of numbers in the few directions in which they differ most.
public enum PrincipalComponents {
  /// The projections of `rows` on their principal directions, and the variance along each.
  ///
  /// Computed in double precision by the calling thread alone. The signs of directions are LAPACK's.
  ///
  /// - Parameters:
  ///   - rows: R, `[count, length]`, with a mean of zero; finite numbers.
  ///   - length: The length of a row; at least 1.
  ///   - components: How many directions, at most; fewer where there are fewer rows or columns.
  /// - Returns: projections `[count, components]` and variances `[components]`, the largest first; `nil`
  ///   when LAPACK finds no eigenvectors.
  public static func projections(
    of rows: [Double], length: Int, components: Int
  ) -> (values: [Double], variances: [Double])? {
    let count = rows.count / length
    guard count > 0 else { return ([], []) }
    let isWide = count < length
    let order = isWide ? count : length
    let kept = min(components, order)
    guard
      let found = SymmetricEigenpairs.largest(
        kept, of: SymmetricEigenpairs.gram(rows, length: length, isWide: isWide), order: order)
    else { return nil }
    let squares = found.values.reversed().map { max(0, $0) }
    var values = [Double](repeating: 0, count: count * kept)
    for component in 0..<kept {
      let vector = found.vectors[((kept - 1 - component) * order)..<((kept - component) * order)]
      if isWide {
        // With u the eigenvector of RRᵀ for the eigenvalue λ, the projections are √λ·u.
        let scale = squares[component].squareRoot()
        for (row, value) in vector.enumerated() { values[row * kept + component] = scale * value }
      } else {
        vector.withUnsafeBufferPointer { vector in
          values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            cblas_dgemv(
              CblasRowMajor, CblasNoTrans, blasint(count), blasint(length), 1, rows, blasint(length),
              vector.baseAddress, 1, 0, base + component, blasint(kept))
          }
        }
      }
    }
    return (values, squares.map { $0 / Double(count) })
  }
}
