import Compute

/// The transforms of Winograd's F(4x4, 3x3): four by four outputs of a 3x3 convolution from six by
/// six inputs with 36 multiplications instead of 144.
///
/// In one dimension, with the inputs d, the kernel g and the products m = (G·g) ∘ (Bᵀ·d), the
/// outputs are Aᵀ·m (Lavin and Gray, 2016; the matrices are those of Toom and Cook). The points are
/// 0, ±a, ±b, ∞ with a = 5/8 and b = 3/2: they halve the rounding error of the usual ±1, ±2, and
/// their products are exact in single precision.
enum WinogradTransform {
  private static var a: Float { 0.625 }
  private static var b: Float { 1.5 }
  private static var a2: Float { a * a }
  private static var b2: Float { b * b }

  /// Four numbers along a row of a tile.
  struct Four<Lanes: FloatLanes> {
    var x0, x1, x2, x3: Lanes

    @inline(__always)
    init(_ x0: Lanes, _ x1: Lanes, _ x2: Lanes, _ x3: Lanes) {
      (self.x0, self.x1, self.x2, self.x3) = (x0, x1, x2, x3)
    }

    @inline(__always)
    init(_ at: (Int) -> Lanes) { self.init(at(0), at(1), at(2), at(3)) }

    @inline(__always)
    subscript(index: Int) -> Lanes {
      switch index {
      case 0: x0
      case 1: x1
      case 2: x2
      default: x3
      }
    }
  }

  /// Six numbers along a row of a transformed tile.
  struct Six<Lanes: FloatLanes> {
    var x0, x1, x2, x3, x4, x5: Lanes

    @inline(__always)
    init(_ x0: Lanes, _ x1: Lanes, _ x2: Lanes, _ x3: Lanes, _ x4: Lanes, _ x5: Lanes) {
      (self.x0, self.x1, self.x2, self.x3, self.x4, self.x5) = (x0, x1, x2, x3, x4, x5)
    }

    @inline(__always)
    init(_ at: (Int) -> Lanes) { self.init(at(0), at(1), at(2), at(3), at(4), at(5)) }

    @inline(__always)
    subscript(index: Int) -> Lanes {
      switch index {
      case 0: x0
      case 1: x1
      case 2: x2
      case 3: x3
      case 4: x4
      default: x5
      }
    }
  }

  /// `Lanes` times a constant, plus `Lanes`.
  @inline(__always)
  private static func sum<Lanes: FloatLanes>(_ x: Lanes, _ factor: Float, _ y: Lanes) -> Lanes {
    x.addingProduct(y, Lanes(repeating: factor))
  }

  @inline(__always)
  private static func scaled<Lanes: FloatLanes>(_ factor: Float, _ x: Lanes) -> Lanes {
    x * Lanes(repeating: factor)
  }
}

// Bᵀ, rows for 0, a, −a, b, −b, ∞:
//     a²b²    0   −a²−b²    0     1    0
//       0   −ab²   −b²      a     1    0
//       0    ab²   −b²     −a     1    0
//       0   −a²b   −a²      b     1    0
//       0    a²b   −a²     −b     1    0
//       0   a²b²     0   −a²−b²   0    1
extension WinogradTransform {
  @inline(__always)
  private static func inputEnd<Lanes: FloatLanes>(_ d0: Lanes, _ d2: Lanes, _ d4: Lanes) -> Lanes {
    sum(sum(d4, -(a2 + b2), d2), a2 * b2, d0)
  }

  @inline(__always)
  private static func input<Lanes: FloatLanes>(_ d: Six<Lanes>) -> Six<Lanes> {
    let (evenA, oddA) = (sum(d.x4, -b2, d.x2), sum(d.x3, -b2, d.x1))
    let (evenB, oddB) = (sum(d.x4, -a2, d.x2), sum(d.x3, -a2, d.x1))
    return Six(
      inputEnd(d.x0, d.x2, d.x4), sum(evenA, a, oddA), sum(evenA, -a, oddA),
      sum(evenB, b, oddB), sum(evenB, -b, oddB), inputEnd(d.x1, d.x3, d.x5))
  }

  /// Bᵀ·d·B of a tile of inputs, row by row. Inputs are loaded more than once rather than kept: 36
  /// of them would not fit the registers.
  @inline(__always)
  static func transformInput<Lanes: FloatLanes>(
    load: (_ row: Int, _ column: Int) -> Lanes, store: (_ row: Int, _ values: Six<Lanes>) -> Void
  ) {
    store(0, input(Six { inputEnd(load(0, $0), load(2, $0), load(4, $0)) }))
    let evenA = Six { sum(load(4, $0), -b2, load(2, $0)) }
    let oddA = Six { sum(load(3, $0), -b2, load(1, $0)) }
    store(1, input(Six { sum(evenA[$0], a, oddA[$0]) }))
    store(2, input(Six { sum(evenA[$0], -a, oddA[$0]) }))
    let evenB = Six { sum(load(4, $0), -a2, load(2, $0)) }
    let oddB = Six { sum(load(3, $0), -a2, load(1, $0)) }
    store(3, input(Six { sum(evenB[$0], b, oddB[$0]) }))
    store(4, input(Six { sum(evenB[$0], -b, oddB[$0]) }))
    store(5, input(Six { inputEnd(load(1, $0), load(3, $0), load(5, $0)) }))
  }
}

// Aᵀ, columns for 0, a, −a, b, −b, ∞:
//     1    1     1    1     1   0
//     0    a    −a    b    −b   0
//     0    a²   a²    b²   b²   0
//     0    a³  −a³    b³  −b³   1
extension WinogradTransform {
  @inline(__always)
  private static func output<Lanes: FloatLanes>(_ m: Six<Lanes>) -> Four<Lanes> {
    let (sumA, differenceA) = (m.x1 + m.x2, m.x1 - m.x2)
    let (sumB, differenceB) = (m.x3 + m.x4, m.x3 - m.x4)
    return Four(
      m.x0 + sumA + sumB,
      sum(scaled(a, differenceA), b, differenceB),
      sum(scaled(a2, sumA), b2, sumB),
      sum(sum(m.x5, a * a2, differenceA), b * b2, differenceB))
  }

  /// Aᵀ·m·A of a tile of products, row by row.
  @inline(__always)
  static func transformOutput<Lanes: FloatLanes>(
    load: (_ row: Int, _ column: Int) -> Lanes, store: (_ row: Int, _ values: Four<Lanes>) -> Void
  ) {
    @inline(__always) func column(_ j: Int) -> Four<Lanes> { output(Six { load($0, j) }) }
    let (c0, c1, c2, c3, c4, c5) = (column(0), column(1), column(2), column(3), column(4), column(5))
    store(0, output(Six(c0.x0, c1.x0, c2.x0, c3.x0, c4.x0, c5.x0)))
    store(1, output(Six(c0.x1, c1.x1, c2.x1, c3.x1, c4.x1, c5.x1)))
    store(2, output(Six(c0.x2, c1.x2, c2.x2, c3.x2, c4.x2, c5.x2)))
    store(3, output(Six(c0.x3, c1.x3, c2.x3, c3.x3, c4.x3, c5.x3)))
  }

  @inline(__always)
  private static func gradient<Lanes: FloatLanes>(_ y: Four<Lanes>) -> Six<Lanes> {
    let (evenA, oddA) = (sum(y.x0, a2, y.x2), sum(y.x1, a2, y.x3))
    let (evenB, oddB) = (sum(y.x0, b2, y.x2), sum(y.x1, b2, y.x3))
    return Six(
      y.x0, sum(evenA, a, oddA), sum(evenA, -a, oddA), sum(evenB, b, oddB), sum(evenB, -b, oddB),
      y.x3)
  }

  /// A·y·Aᵀ of a tile of output gradients, row by row.
  @inline(__always)
  static func transformOutputGradient<Lanes: FloatLanes>(
    load: (_ row: Int, _ column: Int) -> Lanes, store: (_ row: Int, _ values: Six<Lanes>) -> Void
  ) {
    @inline(__always) func column(_ j: Int) -> Six<Lanes> { gradient(Four { load($0, j) }) }
    let (c0, c1, c2, c3) = (column(0), column(1), column(2), column(3))
    store(0, gradient(Four(c0.x0, c1.x0, c2.x0, c3.x0)))
    store(1, gradient(Four(c0.x1, c1.x1, c2.x1, c3.x1)))
    store(2, gradient(Four(c0.x2, c1.x2, c2.x2, c3.x2)))
    store(3, gradient(Four(c0.x3, c1.x3, c2.x3, c3.x3)))
    store(4, gradient(Four(c0.x4, c1.x4, c2.x4, c3.x4)))
    store(5, gradient(Four(c0.x5, c1.x5, c2.x5, c3.x5)))
  }
}

// G, rows for 0, a, −a, b, −b, ∞:
//     1/a²b²                  0          0
//     (1    a   a²) / 2a²(a²−b²)
//     (1   −a   a²) / 2a²(a²−b²)
//     (1    b   b²) / 2b²(b²−a²)
//     (1   −b   b²) / 2b²(b²−a²)
//     0                       0          1
extension WinogradTransform {
  private static var normOfZero: Float { 1 / (a2 * b2) }
  private static var normOfA: Float { 1 / (2 * a2 * (a2 - b2)) }
  private static var normOfB: Float { 1 / (2 * b2 * (b2 - a2)) }

  @inline(__always)
  private static func kernel<Lanes: FloatLanes>(_ g0: Lanes, _ g1: Lanes, _ g2: Lanes) -> Six<Lanes> {
    let (evenA, oddA) = (scaled(normOfA, sum(g0, a2, g2)), scaled(normOfA * a, g1))
    let (evenB, oddB) = (scaled(normOfB, sum(g0, b2, g2)), scaled(normOfB * b, g1))
    return Six(
      scaled(normOfZero, g0), evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, g2)
  }

  /// G·g·Gᵀ of a kernel, row by row.
  @inline(__always)
  static func transformKernel<Lanes: FloatLanes>(
    load: (_ row: Int, _ column: Int) -> Lanes, store: (_ row: Int, _ values: Six<Lanes>) -> Void
  ) {
    @inline(__always) func column(_ j: Int) -> Six<Lanes> { kernel(load(0, j), load(1, j), load(2, j)) }
    let (c0, c1, c2) = (column(0), column(1), column(2))
    store(0, kernel(c0.x0, c1.x0, c2.x0))
    store(1, kernel(c0.x1, c1.x1, c2.x1))
    store(2, kernel(c0.x2, c1.x2, c2.x2))
    store(3, kernel(c0.x3, c1.x3, c2.x3))
    store(4, kernel(c0.x4, c1.x4, c2.x4))
    store(5, kernel(c0.x5, c1.x5, c2.x5))
  }

  /// The row `row` alone of G·g·Gᵀ.
  @inline(__always)
  static func transformKernel<Lanes: FloatLanes>(
    row: Int, load: (_ row: Int, _ column: Int) -> Lanes
  ) -> Six<Lanes> {
    @inline(__always) func pair(_ j: Int, _ norm: Float, _ point: Float) -> Lanes {
      scaled(norm, sum(sum(load(0, j), point, load(1, j)), point * point, load(2, j)))
    }
    @inline(__always) func column(_ j: Int) -> Lanes {
      switch row {
      case 0: scaled(normOfZero, load(0, j))
      case 1: pair(j, normOfA, a)
      case 2: pair(j, normOfA, -a)
      case 3: pair(j, normOfB, b)
      case 4: pair(j, normOfB, -b)
      default: load(2, j)
      }
    }
    return kernel(column(0), column(1), column(2))
  }

  @inline(__always)
  private static func kernelGradient<Lanes: FloatLanes>(_ u: Six<Lanes>) -> (Lanes, Lanes, Lanes) {
    let (sumA, differenceA) = (scaled(normOfA, u.x1 + u.x2), scaled(normOfA * a, u.x1 - u.x2))
    let (sumB, differenceB) = (scaled(normOfB, u.x3 + u.x4), scaled(normOfB * b, u.x3 - u.x4))
    return (
      sum(sumA + sumB, normOfZero, u.x0), differenceA + differenceB,
      sum(sum(u.x5, a2, sumA), b2, sumB)
    )
  }

  /// Gᵀ·u·G of the gradient of a transformed kernel, row by row.
  @inline(__always)
  static func transformKernelGradient<Lanes: FloatLanes>(
    load: (_ row: Int, _ column: Int) -> Lanes,
    store: (_ row: Int, _ values: (Lanes, Lanes, Lanes)) -> Void
  ) {
    @inline(__always) func column(_ j: Int) -> (Lanes, Lanes, Lanes) { kernelGradient(Six { load($0, j) }) }
    let (c0, c1, c2, c3, c4, c5) = (column(0), column(1), column(2), column(3), column(4), column(5))
    store(0, kernelGradient(Six(c0.0, c1.0, c2.0, c3.0, c4.0, c5.0)))
    store(1, kernelGradient(Six(c0.1, c1.1, c2.1, c3.1, c4.1, c5.1)))
    store(2, kernelGradient(Six(c0.2, c1.2, c2.2, c3.2, c4.2, c5.2)))
  }
}
