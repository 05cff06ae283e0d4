import Compute
import Testing

/// OpenBLAS behind our own arguments, against the definition in double precision.
@Suite struct MatrixProductTests {
  struct Shape {
    let rows, columns, inner: Int
    /// What each stored row is longer than its contents.
    let padding: Int
  }

  private static let shapes = [
    Shape(rows: 1, columns: 1, inner: 1, padding: 0), Shape(rows: 5, columns: 3, inner: 7, padding: 0),
    Shape(rows: 4, columns: 33, inner: 18, padding: 5), Shape(rows: 65, columns: 17, inner: 129, padding: 3),
    Shape(rows: 1, columns: 40, inner: 64, padding: 1), Shape(rows: 31, columns: 1, inner: 16, padding: 2),
  ]

  @Test(arguments: [false, true], [false, true])
  func agreesWithTheDefinition(transposingFirst: Bool, transposingSecond: Bool) {
    var stream = RandomStream(seed: 1, purpose: RandomPurpose("matrix product"))
    for shape in Self.shapes {
      for beta in [0, 1, -0.5] as [Float] {
        check(shape, beta, transposingFirst, transposingSecond, &stream)
      }
    }
  }

  private func check(
    _ shape: Shape, _ beta: Float, _ transposingFirst: Bool, _ transposingSecond: Bool,
    _ stream: inout RandomStream
  ) {
    let (rows, columns, inner) = (shape.rows, shape.columns, shape.inner)
    let strideA = (transposingFirst ? rows : inner) + shape.padding
    let strideB = (transposingSecond ? inner : columns) + shape.padding
    let strideC = columns + shape.padding
    let a = (0..<((transposingFirst ? inner : rows) * strideA)).map { _ in Float(stream.normal()) }
    let b = (0..<((transposingSecond ? columns : inner) * strideB)).map { _ in Float(stream.normal()) }
    let before = (0..<(rows * strideC)).map { _ in Float(stream.normal()) }

    var found = before
    MatrixProduct.multiply(
      rows: rows, columns: columns, inner: inner, a, stride: strideA, b, stride: strideB,
      into: &found, stride: strideC, beta: beta, transposingFirst: transposingFirst,
      transposingSecond: transposingSecond)

    for row in 0..<rows {
      for column in 0..<strideC {
        let place = row * strideC + column
        guard column < columns else {
          #expect(found[place] == before[place], "what lies between the rows is left alone")
          continue
        }
        var sum = Double(beta) * Double(before[place])
        var size = abs(sum)
        for k in 0..<inner {
          let product =
            Double(a[transposingFirst ? k * strideA + row : row * strideA + k])
            * Double(b[transposingSecond ? column * strideB + k : k * strideB + column])
          sum += product
          size += abs(product)
        }
        #expect(abs(Double(found[place]) - sum) <= 1e-6 * size + 1e-7)
      }
    }
  }

  /// With `beta` zero the old contents do not matter, not even when they are no numbers.
  @Test func zeroBetaForgetsWhatWasThere() {
    var c = [Float](repeating: .nan, count: 4)
    MatrixProduct.multiply(
      rows: 2, columns: 2, inner: 1, [1, 2], stride: 1, [3, 4], stride: 2, into: &c, stride: 2)
    #expect(c == [3, 4, 6, 8])
  }
}
