/// The inner loops of the convolutions: a few rows of a matrix times a panel of 32 or 16 columns,
/// with all sums held in registers.
///
/// The sums run over two nested indices, `outer` and `inner`, so that a product over the taps of a
/// kernel or over the lines of an image is a single call:
///
///     c[row, column] = Σ a[row, o, i] · b[o, i, column]    over o in 0..<outer, i in 0..<inner
///
/// Each sum is formed in the order of (o, i), one fused multiply-add after the other, whatever the
/// row or column: the same numbers give the same bits wherever they stand. Nothing is checked; the
/// caller keeps to the sizes.
public enum PanelProduct {
  /// The columns of a full panel.
  public static let width = 32

  /// Rows of a call with a panel of `width` columns: 32 or 16.
  @inlinable @inline(__always)
  public static func rows(forWidth width: Int) -> Int { width == 32 ? 8 : 16 }

  /// How far apart the operands of a sum lie, in numbers.
  public struct Sum {
    public var outer: Int
    public var inner: Int
    /// From one `outer` to the next, in a and in b.
    public var outerStrides: (a: Int, b: Int)

    @inlinable @inline(__always)
    public init(outer: Int = 1, inner: Int, outerStrides: (a: Int, b: Int) = (0, 0)) {
      self.outer = outer
      self.inner = inner
      self.outerStrides = outerStrides
    }
  }

  /// Eight rows, a panel of 32 columns: the first four rows of a begin at `a0`, `a0` + `stride`, …,
  /// the other four likewise at `a1`; neighbours of a row over `inner` are adjacent.
  ///
  /// - Parameters:
  ///   - b: `[inner, 32]` for each `outer`.
  ///   - c: eight rows `strideC` apart, overwritten or, with `accumulates`, added to.
  public static func multiply32(
    _ sum: Sum, _ a0: UnsafePointer<Float>, _ a1: UnsafePointer<Float>, stride: Int,
    _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, stride strideC: Int,
    accumulates: Bool
  ) {
    var tile = Tile8x2()
    let third = 3 * stride
    for o in 0..<sum.outer {
      var p = a0 + o * sum.outerStrides.a
      var q = a1 + o * sum.outerStrides.a
      var panel = b + o * sum.outerStrides.b
      for _ in 0..<sum.inner {
        tile.add(
          p[0], p[stride], p[2 * stride], p[third], q[0], q[stride], q[2 * stride], q[third], panel)
        p += 1
        q += 1
        panel += 32
      }
    }
    tile.store(at: c, stride: strideC, accumulates: accumulates)
  }

  /// Sixteen rows, a panel of 16 columns: as `multiply32`, with rows in four groups of four.
  public static func multiply16(
    _ sum: Sum, _ a0: UnsafePointer<Float>, _ a1: UnsafePointer<Float>,
    _ a2: UnsafePointer<Float>, _ a3: UnsafePointer<Float>, stride: Int,
    _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, stride strideC: Int,
    accumulates: Bool
  ) {
    var (upper, lower) = (Tile8x1(), Tile8x1())
    let third = 3 * stride
    for o in 0..<sum.outer {
      var p0 = a0 + o * sum.outerStrides.a
      var p1 = a1 + o * sum.outerStrides.a
      var p2 = a2 + o * sum.outerStrides.a
      var p3 = a3 + o * sum.outerStrides.a
      var panel = b + o * sum.outerStrides.b
      for _ in 0..<sum.inner {
        let column = SIMD16<Float>(at: panel)
        upper.add(
          p0[0], p0[stride], p0[2 * stride], p0[third],
          p1[0], p1[stride], p1[2 * stride], p1[third], column)
        lower.add(
          p2[0], p2[stride], p2[2 * stride], p2[third],
          p3[0], p3[stride], p3[2 * stride], p3[third], column)
        p0 += 1
        p1 += 1
        p2 += 1
        p3 += 1
        panel += 16
      }
    }
    upper.store(at: c, stride: strideC, accumulates: accumulates)
    lower.store(at: c + 8 * strideC, stride: strideC, accumulates: accumulates)
  }

  /// Eight rows, 32 columns, with a stored the other way round: neighbours of a column are adjacent.
  ///
  /// - Parameters:
  ///   - a: rows 0..<8 of the first `inner`; the next begins `strideA` further.
  ///   - b: 32 columns of the first `inner`; the next begins `strideB` further.
  public static func multiplyTransposed32(
    _ sum: Sum, _ a: UnsafePointer<Float>, stride strideA: Int, _ b: UnsafePointer<Float>,
    stride strideB: Int, into c: UnsafeMutablePointer<Float>, stride strideC: Int,
    accumulates: Bool
  ) {
    var tile = Tile8x2()
    for o in 0..<sum.outer {
      var p = a + o * sum.outerStrides.a
      var q = b + o * sum.outerStrides.b
      for _ in 0..<sum.inner {
        tile.add(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], q)
        p += strideA
        q += strideB
      }
    }
    tile.store(at: c, stride: strideC, accumulates: accumulates)
  }

  /// Sixteen rows, 16 columns, as `multiplyTransposed32`.
  public static func multiplyTransposed16(
    _ sum: Sum, _ a: UnsafePointer<Float>, stride strideA: Int, _ b: UnsafePointer<Float>,
    stride strideB: Int, into c: UnsafeMutablePointer<Float>, stride strideC: Int,
    accumulates: Bool
  ) {
    var (upper, lower) = (Tile8x1(), Tile8x1())
    for o in 0..<sum.outer {
      var p = a + o * sum.outerStrides.a
      var q = b + o * sum.outerStrides.b
      for _ in 0..<sum.inner {
        let column = SIMD16<Float>(at: q)
        upper.add(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], column)
        lower.add(p[8], p[9], p[10], p[11], p[12], p[13], p[14], p[15], column)
        p += strideA
        q += strideB
      }
    }
    upper.store(at: c, stride: strideC, accumulates: accumulates)
    lower.store(at: c + 8 * strideC, stride: strideC, accumulates: accumulates)
  }
}

/// Eight rows of sixteen sums, in registers.
struct Tile8x1 {
  private typealias Vector = SIMD16<Float>
  private var s0 = Vector(repeating: 0), s1 = Vector(repeating: 0)
  private var s2 = Vector(repeating: 0), s3 = Vector(repeating: 0)
  private var s4 = Vector(repeating: 0), s5 = Vector(repeating: 0)
  private var s6 = Vector(repeating: 0), s7 = Vector(repeating: 0)

  @inline(__always)
  init() {}

  @inline(__always)
  mutating func add(
    _ a0: Float, _ a1: Float, _ a2: Float, _ a3: Float, _ a4: Float, _ a5: Float, _ a6: Float,
    _ a7: Float, _ b: SIMD16<Float>
  ) {
    s0.addProduct(Vector(repeating: a0), b)
    s1.addProduct(Vector(repeating: a1), b)
    s2.addProduct(Vector(repeating: a2), b)
    s3.addProduct(Vector(repeating: a3), b)
    s4.addProduct(Vector(repeating: a4), b)
    s5.addProduct(Vector(repeating: a5), b)
    s6.addProduct(Vector(repeating: a6), b)
    s7.addProduct(Vector(repeating: a7), b)
  }

  @inline(__always)
  func store(at c: UnsafeMutablePointer<Float>, stride: Int, accumulates: Bool) {
    put(s0, c, accumulates)
    put(s1, c + stride, accumulates)
    put(s2, c + 2 * stride, accumulates)
    put(s3, c + 3 * stride, accumulates)
    put(s4, c + 4 * stride, accumulates)
    put(s5, c + 5 * stride, accumulates)
    put(s6, c + 6 * stride, accumulates)
    put(s7, c + 7 * stride, accumulates)
  }

  @inline(__always)
  private func put(_ sum: Vector, _ c: UnsafeMutablePointer<Float>, _ accumulates: Bool) {
    (accumulates ? Vector(at: c) + sum : sum).store(at: c)
  }
}

/// Eight rows of 32 sums, in registers.
struct Tile8x2 {
  private var left = Tile8x1()
  private var right = Tile8x1()

  @inline(__always)
  init() {}

  @inline(__always)
  mutating func add(
    _ a0: Float, _ a1: Float, _ a2: Float, _ a3: Float, _ a4: Float, _ a5: Float, _ a6: Float,
    _ a7: Float, _ b: UnsafePointer<Float>
  ) {
    left.add(a0, a1, a2, a3, a4, a5, a6, a7, SIMD16<Float>(at: b))
    right.add(a0, a1, a2, a3, a4, a5, a6, a7, SIMD16<Float>(at: b + 16))
  }

  @inline(__always)
  func store(at c: UnsafeMutablePointer<Float>, stride: Int, accumulates: Bool) {
    left.store(at: c, stride: stride, accumulates: accumulates)
    right.store(at: c + 16, stride: stride, accumulates: accumulates)
  }
}
