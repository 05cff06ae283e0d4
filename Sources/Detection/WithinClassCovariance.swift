import Compute
import Images

/// How images of the same class differ from each other: the covariance of their pixels, from some of the images of a
/// set, with a part of its mean variance added to all variances.
///
/// Along the product of its inverse and the difference of two means the two lie furthest apart (Fisher's linear
/// discriminant): where images differ much, as the clothes of Fashion-MNIST do at their edges, a difference counts little.
struct WithinClassCovariance {
  /// The images less the means of their classes, `[count, length]`.
  private let rows: [Float]
  private let count: Int
  private let length: Int
  /// What is added to all variances.
  private let ridge: Double
  /// The lower triangle L of ZZᵀ/n + ridge·I = LLᵀ, with the rows Z, `[count, count]`.
  private var triangle: [Double]

  /// - Parameters:
  ///   - samples: of none, nothing is known, and vectors stay as they are.
  ///   - share: of the mean variance, what is added to all.
  init(_ images: ImageSet, samples: [Int], adding share: Double, pool: WorkerPool) {
    let length = images.shape.count
    let members = Dictionary(grouping: images.labels.indices, by: { images.labels[$0] })
    let means = members.mapValues { images.mean(of: $0).map(Float.init) }
    var rows = [Float](repeating: 0, count: samples.count * length)
    var sum = 0.0
    for (row, sample) in samples.enumerated() {
      guard let mean = means[images.labels[sample]] else { continue }
      let start = images.pixelRange(of: sample).lowerBound
      images.pixels.withUnsafeBufferPointer { pixels in
        rows.withUnsafeMutableBufferPointer { rows in
          for offset in 0..<length {
            let value = Float(pixels[start + offset]) - mean[offset]
            rows[row * length + offset] = value
            sum += Double(value * value)
          }
        }
      }
    }
    (count, self.length, self.rows) = (samples.count, length, rows)
    ridge = share * sum / Double(max(rows.count, 1))
    triangle = [Double](repeating: 0, count: count * count)
    if ridge > 0 { factorize(pool) }
  }

  /// What the inverse makes of a vector, but for a factor, `[length]`.
  func solved(_ vector: [Double]) -> [Double] {
    guard ridge > 0 else { return vector }
    // (ridge·I + ZᵀZ/n)⁻¹ d = (d - Zᵀ (ZZᵀ/n + ridge·I)⁻¹ Z d / n) / ridge: of n numbers, however large an image is.
    let narrow = vector.map(Float.init)
    let inner = rows.withUnsafeBufferPointer { rows in
      narrow.withUnsafeBufferPointer { narrow in
        (0..<count).map { DotProduct.of(rows, from: $0 * length, narrow) / Double(count) }
      }
    }
    let weights = substituted(inner).map(Float.init)
    var sum = [Float](repeating: 0, count: length)
    rows.withUnsafeBufferPointer { rows in
      sum.withUnsafeMutableBufferPointer { sum in
        for row in 0..<count {
          let (weight, start) = (weights[row], row * length)
          for offset in 0..<length { sum[offset] += weight * rows[start + offset] }
        }
      }
    }
    return zip(vector, sum).map { $0 - Double($1) }
  }

  /// Cholesky's decomposition, row by row.
  private mutating func factorize(_ pool: WorkerPool) {
    let (count, length, ridge) = (count, length, ridge)
    rows.withUnsafeBufferPointer { rows in
      triangle.withUnsafeMutableBufferPointer { triangle in
        nonisolated(unsafe) let (rows, triangle) = (rows, triangle)
        pool.run(count) { row, _ in
          for column in 0...row {
            let other = UnsafeBufferPointer(rebasing: rows[column * length..<(column + 1) * length])
            triangle[row * count + column] = DotProduct.of(rows, from: row * length, other) / Double(count)
          }
        }
        for row in 0..<count {
          for column in 0...row {
            var value = triangle[row * count + column] + (row == column ? ridge : 0)
            for inner in 0..<column { value -= triangle[row * count + inner] * triangle[column * count + inner] }
            triangle[row * count + column] =
              row == column ? max(value, ridge * 1e-9).squareRoot() : value / triangle[column * count + column]
          }
        }
      }
    }
  }

  /// Solves LLᵀ x = `values`.
  private func substituted(_ values: [Double]) -> [Double] {
    var result = values
    triangle.withUnsafeBufferPointer { triangle in
      result.withUnsafeMutableBufferPointer { result in
        for row in 0..<count {
          for column in 0..<row { result[row] -= triangle[row * count + column] * result[column] }
          result[row] /= triangle[row * count + row]
        }
        for row in (0..<count).reversed() {
          result[row] /= triangle[row * count + row]
          let value = result[row]
          for column in 0..<row { result[column] -= triangle[row * count + column] * value }
        }
      }
    }
    return result
  }
}

/// Sums of products of numbers, in an order that does not depend on the machine.
enum DotProduct {
  /// - Parameter start: where the first factor begins in `values`; it is as long as the second.
  static func of(
    _ values: UnsafeBufferPointer<Float>, from start: Int, _ others: UnsafeBufferPointer<Float>
  ) -> Double {
    precondition(start >= 0 && start + others.count <= values.count, "a factor for each")
    let bytes = UnsafeRawBufferPointer(values)
    return of(
      others, sixteen: { bytes.loadUnaligned(fromByteOffset: 4 * (start + $0), as: SIMD16<Float>.self) },
      one: { values[start + $0] })
  }

  /// The same with the pixels of an image.
  static func of(
    _ pixels: UnsafeBufferPointer<UInt8>, from start: Int, _ others: UnsafeBufferPointer<Float>
  ) -> Double {
    precondition(start >= 0 && start + others.count <= pixels.count, "a factor for each")
    let bytes = UnsafeRawBufferPointer(pixels)
    return of(
      others,
      sixteen: { SIMD16<Float>(bytes.loadUnaligned(fromByteOffset: start + $0, as: SIMD16<UInt8>.self)) },
      one: { Float(pixels[start + $0]) })
  }

  @inline(__always)
  private static func of(
    _ others: UnsafeBufferPointer<Float>, sixteen: (Int) -> SIMD16<Float>, one: (Int) -> Float
  ) -> Double {
    let bytes = UnsafeRawBufferPointer(others)
    var sums = SIMD16<Float>.zero
    let whole = others.count / 16 * 16
    for offset in stride(from: 0, to: whole, by: 16) {
      sums += sixteen(offset) * bytes.loadUnaligned(fromByteOffset: 4 * offset, as: SIMD16<Float>.self)
    }
    var sum = Double(sums.sum())
    for offset in whole..<others.count { sum += Double(one(offset) * others[offset]) }
    return sum
  }
}
