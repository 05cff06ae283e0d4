import Compute
import Testing

/// The inner loops of the convolutions against the sums that they promise, one multiply-add after the other: equal to
/// the bit, whatever the registers of the processor.
@Suite struct PanelProductTests {
  private static var sums: [PanelProduct.Sum] {
    [
      PanelProduct.Sum(inner: 1), PanelProduct.Sum(inner: 16), PanelProduct.Sum(inner: 37),
      PanelProduct.Sum(
        outer: 3, outerStrides: (700, 1700), middle: 2, middleStrides: (50, 600), inner: 11),
    ]
  }

  /// A matrix that is longer than any sum reads.
  private static func matrix(_ purpose: String) -> [Float] {
    var stream = RandomStream(seed: 1, purpose: RandomPurpose(named: purpose))
    return (0..<6000).map { _ in Float(stream.normal()) }
  }

  private let a = Self.matrix("a")
  private let b = Self.matrix("b")
  private let before = Self.matrix("c")
  private let strideA = 41
  private let strideB = 45
  private let strideC = 35

  /// One sum, in the order that is promised.
  private func expected(
    _ sum: PanelProduct.Sum, a startA: Int, stepA: Int, b startB: Int, stepB: Int
  ) -> Float {
    var result: Float = 0
    for o in 0..<sum.outer {
      for m in 0..<sum.middle {
        let placeA = startA + o * sum.outerStrides.a + m * sum.middleStrides.a
        let placeB = startB + o * sum.outerStrides.b + m * sum.middleStrides.b
        for i in 0..<sum.inner { result.addProduct(a[placeA + i * stepA], b[placeB + i * stepB]) }
      }
    }
    return result
  }

  private func check(
    _ sum: PanelProduct.Sum, rows: Int, columns: Int, accumulates: Bool, rowStrideA: Int, stepA: Int,
    stepB: Int, _ found: [Float]
  ) {
    for row in 0..<rows {
      for column in 0..<strideC {
        let place = row * strideC + column
        guard column < columns else {
          #expect(found[place] == before[place], "what lies between the rows is left alone")
          continue
        }
        let sum = expected(sum, a: row * rowStrideA, stepA: stepA, b: column, stepB: stepB)
        let value = accumulates ? before[place] + sum : sum
        #expect(found[place].bitPattern == value.bitPattern, "row \(row), column \(column)")
      }
    }
    #expect(found[(rows * strideC)...] == before[(rows * strideC)...])
  }

  @Test(arguments: 0..<4, [false, true])
  func rowsByPanels(_ index: Int, accumulates: Bool) {
    let sum = Self.sums[index]
    let s = strideA
    var (wide, narrow) = (before, before)
    a.withUnsafeBufferPointer { a in
      let a = a.baseAddress.unsafelyUnwrapped
      wide.withUnsafeMutableBufferPointer { c in
        let c = c.baseAddress.unsafelyUnwrapped
        PanelProduct.multiply32(
          sum, a, a + 4 * s, stride: s, b, into: c, c + 4 * strideC, stride: strideC, accumulates: accumulates)
      }
      narrow.withUnsafeMutableBufferPointer { c in
        let c = c.baseAddress.unsafelyUnwrapped
        PanelProduct.multiply16(
          sum, a, a + 4 * s, a + 8 * s, a + 12 * s, stride: s, b, into: c, c + 4 * strideC, c + 8 * strideC,
          c + 12 * strideC, stride: strideC, accumulates: accumulates)
      }
    }
    check(sum, rows: 8, columns: 32, accumulates: accumulates, rowStrideA: s, stepA: 1, stepB: 32, wide)
    check(sum, rows: 16, columns: 16, accumulates: accumulates, rowStrideA: s, stepA: 1, stepB: 16, narrow)
  }

  @Test(arguments: 0..<4, [false, true])
  func columnsByPanels(_ index: Int, accumulates: Bool) {
    let sum = Self.sums[index]
    var (wide, narrow) = (before, before)
    PanelProduct.multiplyTransposed32(
      sum, a, stride: strideA, b, stride: strideB, into: &wide, stride: strideC, accumulates: accumulates)
    PanelProduct.multiplyTransposed16(
      sum, a, stride: strideA, b, stride: strideB, into: &narrow, stride: strideC, accumulates: accumulates)
    check(
      sum, rows: 8, columns: 32, accumulates: accumulates, rowStrideA: 1, stepA: strideA, stepB: strideB, wide)
    check(
      sum, rows: 16, columns: 16, accumulates: accumulates, rowStrideA: 1, stepA: strideA, stepB: strideB,
      narrow)
  }
}
