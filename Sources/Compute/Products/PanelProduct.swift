/// The inner loops of the convolutions: a few rows of a matrix times a panel of 32 or 16 columns,
/// with all sums held in registers; where those are few, some rows after the other.
///
/// The sums run over three nested indices, so that a product over the taps of a kernel or over the
/// pixels of some images is a single call:
///
///     c[row, column] = Σ a[row, i] · b[i, column]    over i = (outer, middle, inner)
///
/// Each sum is formed in that order, one fused multiply-add after the other, whatever the row or
/// column: the same numbers give the same bits wherever they stand. Nothing is checked; the caller
/// keeps to the sizes, and has memory behind every row and column, wanted or not.
public enum PanelProduct {
  /// The columns of a full panel. A narrow one has 16.
  public static let width = 32

  /// Rows of a call with a panel of `width` columns.
  @inlinable @inline(__always)
  public static func rows(forWidth width: Int) -> Int { width == 32 ? 8 : 16 }

  /// What a sum runs over, and how far apart its operands lie, in numbers.
  public struct Sum {
    public var outer: Int
    public var middle: Int
    public var inner: Int
    public var outerStrides: (a: Int, b: Int)
    public var middleStrides: (a: Int, b: Int)

    @inlinable @inline(__always)
    public init(
      outer: Int = 1, outerStrides: (a: Int, b: Int) = (0, 0), middle: Int = 1,
      middleStrides: (a: Int, b: Int) = (0, 0), inner: Int
    ) {
      self.outer = outer
      self.middle = middle
      self.inner = inner
      self.outerStrides = outerStrides
      self.middleStrides = middleStrides
    }

    /// Calls `body` with the offsets of every outer and middle index.
    @inline(__always)
    func forEach(_ body: (_ a: Int, _ b: Int) -> Void) {
      for o in 0..<outer {
        var (a, b) = (o * outerStrides.a, o * outerStrides.b)
        for _ in 0..<middle {
          body(a, b)
          a += middleStrides.a
          b += middleStrides.b
        }
      }
    }
  }

  /// Eight rows, a panel of 32 columns `[inner, 32]` for each outer and middle index.
  ///
  /// Rows 0, 1, 2, 3 of a begin at `a0`, `a0` + `strideA`, …, the others likewise at `a1`; numbers of
  /// a row that are neighbours over `inner` are adjacent. The rows of c, which are overwritten or
  /// with `accumulates` added to, begin at `c0` and `c1` in the same way.
  public static func multiply32(
    _ sum: Sum, _ a0: UnsafePointer<Float>, _ a1: UnsafePointer<Float>, stride strideA: Int,
    _ b: UnsafePointer<Float>, into c0: UnsafeMutablePointer<Float>,
    _ c1: UnsafeMutablePointer<Float>, stride strideC: Int, accumulates: Bool
  ) {
    guard InstructionSets.haveWideRegisters else {
      return NarrowProduct.multiply32(
        sum, a0, a1, rowStride: strideA, step: 1, b, step: 32, into: c0, c1, stride: strideC,
        accumulates: accumulates)
    }
    var (upper, lower) = (Tile4x2(), Tile4x2())
    let third = 3 * strideA
    sum.forEach { offsetA, offsetB in
      var (p, q, panel) = (a0 + offsetA, a1 + offsetA, b + offsetB)
      for _ in 0..<sum.inner {
        let (left, right) = (SIMD16<Float>(at: panel), SIMD16<Float>(at: panel + 16))
        upper.add(p[0], p[strideA], p[2 * strideA], p[third], left, right)
        lower.add(q[0], q[strideA], q[2 * strideA], q[third], left, right)
        p += 1
        q += 1
        panel += 32
      }
    }
    upper.store(at: c0, stride: strideC, accumulates: accumulates)
    lower.store(at: c1, stride: strideC, accumulates: accumulates)
  }

  /// Sixteen rows, a panel of 16 columns: as `multiply32`, with rows in four groups of four.
  public static func multiply16(
    _ sum: Sum, _ a0: UnsafePointer<Float>, _ a1: UnsafePointer<Float>,
    _ a2: UnsafePointer<Float>, _ a3: UnsafePointer<Float>, stride strideA: Int,
    _ b: UnsafePointer<Float>, into c0: UnsafeMutablePointer<Float>,
    _ c1: UnsafeMutablePointer<Float>, _ c2: UnsafeMutablePointer<Float>,
    _ c3: UnsafeMutablePointer<Float>, stride strideC: Int, accumulates: Bool
  ) {
    guard InstructionSets.haveWideRegisters else {
      func multiply(_ a: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>) {
        NarrowProduct.multiply4x16(
          sum, a, rowStride: strideA, step: 1, b, step: 16, into: c, stride: strideC, accumulates: accumulates)
      }
      multiply(a0, into: c0)
      multiply(a1, into: c1)
      multiply(a2, into: c2)
      multiply(a3, into: c3)
      return
    }
    var (t0, t1, t2, t3) = (Tile4x1(), Tile4x1(), Tile4x1(), Tile4x1())
    let third = 3 * strideA
    sum.forEach { offsetA, offsetB in
      var (p0, p1, p2, p3) = (a0 + offsetA, a1 + offsetA, a2 + offsetA, a3 + offsetA)
      var panel = b + offsetB
      for _ in 0..<sum.inner {
        let column = SIMD16<Float>(at: panel)
        t0.add(p0[0], p0[strideA], p0[2 * strideA], p0[third], column)
        t1.add(p1[0], p1[strideA], p1[2 * strideA], p1[third], column)
        t2.add(p2[0], p2[strideA], p2[2 * strideA], p2[third], column)
        t3.add(p3[0], p3[strideA], p3[2 * strideA], p3[third], column)
        p0 += 1
        p1 += 1
        p2 += 1
        p3 += 1
        panel += 16
      }
    }
    t0.store(at: c0, stride: strideC, accumulates: accumulates)
    t1.store(at: c1, stride: strideC, accumulates: accumulates)
    t2.store(at: c2, stride: strideC, accumulates: accumulates)
    t3.store(at: c3, stride: strideC, accumulates: accumulates)
  }

  /// Eight rows, 32 columns, with a stored the other way round: the numbers of a column of a are
  /// adjacent, those of a row `strideA` apart over `inner`; those of b are `strideB` apart.
  public static func multiplyTransposed32(
    _ sum: Sum, _ a: UnsafePointer<Float>, stride strideA: Int, _ b: UnsafePointer<Float>,
    stride strideB: Int, into c: UnsafeMutablePointer<Float>, stride strideC: Int,
    accumulates: Bool
  ) {
    guard InstructionSets.haveWideRegisters else {
      return NarrowProduct.multiply32(
        sum, a, a + 4, rowStride: 1, step: strideA, b, step: strideB, into: c, c + 4 * strideC,
        stride: strideC, accumulates: accumulates)
    }
    var (upper, lower) = (Tile4x2(), Tile4x2())
    sum.forEach { offsetA, offsetB in
      var (p, q) = (a + offsetA, b + offsetB)
      for _ in 0..<sum.inner {
        let (left, right) = (SIMD16<Float>(at: q), SIMD16<Float>(at: q + 16))
        upper.add(p[0], p[1], p[2], p[3], left, right)
        lower.add(p[4], p[5], p[6], p[7], left, right)
        p += strideA
        q += strideB
      }
    }
    upper.store(at: c, stride: strideC, accumulates: accumulates)
    lower.store(at: c + 4 * strideC, stride: strideC, accumulates: accumulates)
  }

  /// Sixteen rows, 16 columns, as `multiplyTransposed32`.
  public static func multiplyTransposed16(
    _ sum: Sum, _ a: UnsafePointer<Float>, stride strideA: Int, _ b: UnsafePointer<Float>,
    stride strideB: Int, into c: UnsafeMutablePointer<Float>, stride strideC: Int,
    accumulates: Bool
  ) {
    guard InstructionSets.haveWideRegisters else {
      for row in stride(from: 0, to: 16, by: 4) {
        NarrowProduct.multiply4x16(
          sum, a + row, rowStride: 1, step: strideA, b, step: strideB, into: c + row * strideC,
          stride: strideC, accumulates: accumulates)
      }
      return
    }
    var (t0, t1, t2, t3) = (Tile4x1(), Tile4x1(), Tile4x1(), Tile4x1())
    sum.forEach { offsetA, offsetB in
      var (p, q) = (a + offsetA, b + offsetB)
      for _ in 0..<sum.inner {
        let column = SIMD16<Float>(at: q)
        t0.add(p[0], p[1], p[2], p[3], column)
        t1.add(p[4], p[5], p[6], p[7], column)
        t2.add(p[8], p[9], p[10], p[11], column)
        t3.add(p[12], p[13], p[14], p[15], column)
        p += strideA
        q += strideB
      }
    }
    t0.store(at: c, stride: strideC, accumulates: accumulates)
    t1.store(at: c + 4 * strideC, stride: strideC, accumulates: accumulates)
    t2.store(at: c + 8 * strideC, stride: strideC, accumulates: accumulates)
    t3.store(at: c + 12 * strideC, stride: strideC, accumulates: accumulates)
  }
}
