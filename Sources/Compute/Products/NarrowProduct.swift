/// The products of `PanelProduct` for sixteen registers of eight numbers, as processors with AVX2 have them: as many
/// rows at a time as have their sums in registers. With all rows at once, each multiply-add would read and write
/// its sum in memory, and take four times as long.
///
/// `rowStride` is what lies between rows of a, each `step` between neighbours over the inner index.
enum NarrowProduct {
  /// Three rows of sums, three, and two, for 32 columns: see `PanelProduct.multiply32`.
  @inline(__always)
  static func multiply32(
    _ sum: PanelProduct.Sum, _ a0: UnsafePointer<Float>, _ a1: UnsafePointer<Float>, rowStride: Int,
    step stepA: Int, _ b: UnsafePointer<Float>, step stepB: Int, into c0: UnsafeMutablePointer<Float>,
    _ c1: UnsafeMutablePointer<Float>, stride strideC: Int, accumulates: Bool
  ) {
    multiply3x32(
      sum, (a0, a0 + rowStride, a0 + 2 * rowStride), step: stepA, b, step: stepB,
      into: (c0, c0 + strideC, c0 + 2 * strideC), accumulates: accumulates)
    multiply3x32(
      sum, (a0 + 3 * rowStride, a1, a1 + rowStride), step: stepA, b, step: stepB,
      into: (c0 + 3 * strideC, c1, c1 + strideC), accumulates: accumulates)
    multiply2x32(
      sum, (a1 + 2 * rowStride, a1 + 3 * rowStride), step: stepA, b, step: stepB,
      into: (c1 + 2 * strideC, c1 + 3 * strideC), accumulates: accumulates)
  }

  /// Four rows of sums for sixteen columns.
  @inline(__always)
  static func multiply4x16(
    _ sum: PanelProduct.Sum, _ a: UnsafePointer<Float>, rowStride: Int, step stepA: Int, _ b: UnsafePointer<Float>,
    step stepB: Int, into c: UnsafeMutablePointer<Float>, stride strideC: Int, accumulates: Bool
  ) {
    var tile = Tile4x1()
    let third = 3 * rowStride
    sum.forEach { offsetA, offsetB in
      var (p, q) = (a + offsetA, b + offsetB)
      for _ in 0..<sum.inner {
        tile.add(p[0], p[rowStride], p[2 * rowStride], p[third], SIMD16<Float>(at: q))
        p += stepA
        q += stepB
      }
    }
    tile.store(at: c, stride: strideC, accumulates: accumulates)
  }

  private typealias Vector = SIMD8<Float>

  /// Twelve sums, three factors, and one vector of b at a time: sixteen registers.
  @inline(__always)
  private static func multiply3x32(
    _ sum: PanelProduct.Sum, _ a: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>),
    step stepA: Int, _ b: UnsafePointer<Float>, step stepB: Int,
    into c: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>),
    accumulates: Bool
  ) {
    var (s0, s1, s2, s3) = (Column3(), Column3(), Column3(), Column3())
    let (second, third) = (a.1 - a.0, a.2 - a.0)
    sum.forEach { offsetA, offsetB in
      var (p, q) = (a.0 + offsetA, b + offsetB)
      for _ in 0..<sum.inner {
        let x = (Vector(repeating: p[0]), Vector(repeating: p[second]), Vector(repeating: p[third]))
        s0.add(x, Vector(at: q))
        s1.add(x, Vector(at: q + 8))
        s2.add(x, Vector(at: q + 16))
        s3.add(x, Vector(at: q + 24))
        p += stepA
        q += stepB
      }
    }
    s0.store(at: c, accumulates: accumulates)
    s1.store(at: (c.0 + 8, c.1 + 8, c.2 + 8), accumulates: accumulates)
    s2.store(at: (c.0 + 16, c.1 + 16, c.2 + 16), accumulates: accumulates)
    s3.store(at: (c.0 + 24, c.1 + 24, c.2 + 24), accumulates: accumulates)
  }

  @inline(__always)
  private static func multiply2x32(
    _ sum: PanelProduct.Sum, _ a: (UnsafePointer<Float>, UnsafePointer<Float>), step stepA: Int,
    _ b: UnsafePointer<Float>, step stepB: Int,
    into c: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>), accumulates: Bool
  ) {
    var (s0, s1, s2, s3) = (Column2(), Column2(), Column2(), Column2())
    let second = a.1 - a.0
    sum.forEach { offsetA, offsetB in
      var (p, q) = (a.0 + offsetA, b + offsetB)
      for _ in 0..<sum.inner {
        let x = (Vector(repeating: p[0]), Vector(repeating: p[second]))
        s0.add(x, Vector(at: q))
        s1.add(x, Vector(at: q + 8))
        s2.add(x, Vector(at: q + 16))
        s3.add(x, Vector(at: q + 24))
        p += stepA
        q += stepB
      }
    }
    s0.store(at: c, accumulates: accumulates)
    s1.store(at: (c.0 + 8, c.1 + 8), accumulates: accumulates)
    s2.store(at: (c.0 + 16, c.1 + 16), accumulates: accumulates)
    s3.store(at: (c.0 + 24, c.1 + 24), accumulates: accumulates)
  }
}

/// Eight columns of three rows of sums.
private struct Column3 {
  private typealias Vector = SIMD8<Float>
  private var s0 = Vector(repeating: 0), s1 = Vector(repeating: 0), s2 = Vector(repeating: 0)

  @inline(__always)
  init() {}

  @inline(__always)
  mutating func add(_ a: (SIMD8<Float>, SIMD8<Float>, SIMD8<Float>), _ b: SIMD8<Float>) {
    s0.addProduct(a.0, b)
    s1.addProduct(a.1, b)
    s2.addProduct(a.2, b)
  }

  @inline(__always)
  func store(
    at c: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>),
    accumulates: Bool
  ) {
    s0.put(at: c.0, accumulates: accumulates)
    s1.put(at: c.1, accumulates: accumulates)
    s2.put(at: c.2, accumulates: accumulates)
  }
}

/// Eight columns of two rows of sums.
private struct Column2 {
  private typealias Vector = SIMD8<Float>
  private var s0 = Vector(repeating: 0), s1 = Vector(repeating: 0)

  @inline(__always)
  init() {}

  @inline(__always)
  mutating func add(_ a: (SIMD8<Float>, SIMD8<Float>), _ b: SIMD8<Float>) {
    s0.addProduct(a.0, b)
    s1.addProduct(a.1, b)
  }

  @inline(__always)
  func store(at c: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>), accumulates: Bool) {
    s0.put(at: c.0, accumulates: accumulates)
    s1.put(at: c.1, accumulates: accumulates)
  }
}

extension SIMD8<Float> {
  @inline(__always)
  fileprivate init(at pointer: UnsafePointer<Float>) {
    self = UnsafeRawPointer(pointer).loadUnaligned(as: Self.self)
  }

  /// Puts sums where they belong, or adds them to what is there.
  @inline(__always)
  fileprivate func put(at c: UnsafeMutablePointer<Float>, accumulates: Bool) {
    UnsafeMutableRawPointer(c).storeBytes(of: accumulates ? Self(at: c) + self : self, as: Self.self)
  }
}
