/// Four rows of sixteen sums, in four registers of sixteen numbers or eight of eight.
struct Tile4x1 {
  private typealias Vector = SIMD16<Float>
  private var s0 = Vector(repeating: 0), s1 = Vector(repeating: 0)
  private var s2 = Vector(repeating: 0), s3 = Vector(repeating: 0)

  @inline(__always)
  init() {}

  @inline(__always)
  mutating func add(_ a0: Float, _ a1: Float, _ a2: Float, _ a3: Float, _ b: SIMD16<Float>) {
    s0.addProduct(Vector(repeating: a0), b)
    s1.addProduct(Vector(repeating: a1), b)
    s2.addProduct(Vector(repeating: a2), b)
    s3.addProduct(Vector(repeating: a3), b)
  }

  @inline(__always)
  func store(at c: UnsafeMutablePointer<Float>, stride: Int, accumulates: Bool) {
    put(s0, c, accumulates)
    put(s1, c + stride, accumulates)
    put(s2, c + 2 * stride, accumulates)
    put(s3, c + 3 * stride, accumulates)
  }

  @inline(__always)
  private func put(_ sum: Vector, _ c: UnsafeMutablePointer<Float>, _ accumulates: Bool) {
    (accumulates ? Vector(at: c) + sum : sum).store(at: c)
  }
}

/// Four rows of 32 sums, in eight registers of sixteen numbers.
struct Tile4x2 {
  private var left = Tile4x1()
  private var right = Tile4x1()

  @inline(__always)
  init() {}

  @inline(__always)
  mutating func add(
    _ a0: Float, _ a1: Float, _ a2: Float, _ a3: Float, _ l: SIMD16<Float>, _ r: SIMD16<Float>
  ) {
    left.add(a0, a1, a2, a3, l)
    right.add(a0, a1, a2, a3, r)
  }

  @inline(__always)
  func store(at c: UnsafeMutablePointer<Float>, stride: Int, accumulates: Bool) {
    left.store(at: c, stride: stride, accumulates: accumulates)
    right.store(at: c + 16, stride: stride, accumulates: accumulates)
  }
}
