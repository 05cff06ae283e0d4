import COpenBLAS

/// Products of row-major single-precision matrices, each computed by the calling thread alone.
public enum MatrixProduct {
  /// C = A·B + beta·C with A `[rows, inner]`, B `[inner, columns]`, C `[rows, columns]`.
  ///
  /// A transposed operand is stored the other way round: with `transposingFirst`, A is `[inner, rows]`.
  /// The strides are those of the stored rows.
  @inline(__always)
  public static func multiply(
    rows: Int, columns: Int, inner: Int,
    _ a: UnsafePointer<Float>, stride strideA: Int, _ b: UnsafePointer<Float>, stride strideB: Int,
    into c: UnsafeMutablePointer<Float>, stride strideC: Int, beta: Float = 0,
    transposingFirst: Bool = false, transposingSecond: Bool = false
  ) {
    _ = OpenBLAS.isReproducible
    cblas_sgemm(
      CblasRowMajor, transposingFirst ? CblasTrans : CblasNoTrans,
      transposingSecond ? CblasTrans : CblasNoTrans,
      blasint(rows), blasint(columns), blasint(inner), 1, a, blasint(strideA), b, blasint(strideB),
      beta, c, blasint(strideC))
  }

  /// What OpenBLAS takes for every thread that multiplies, at its first product, in bytes.
  public static let bufferSize = 1 << 27

  /// The kind of processor that OpenBLAS has kernels for here: "Haswell" on all that have AVX2 (see CKernelChoice).
  public static var kernels: String {
    _ = OpenBLAS.isReproducible
    return String(cString: openblas_get_corename())
  }
}
