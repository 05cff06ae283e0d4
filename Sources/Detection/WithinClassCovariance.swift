import Compute
import Images

/// How images of the same class differ from each other: the covariance of their pixels, from some of the images of a
/// set, with a part of its mean variance added to all variances.
///
/// Along the product of its inverse and the difference of two means the two lie furthest apart (Fisher's linear
/// discriminant): where images differ much, as the clothes of Fashion-MNIST do at their edges, a difference counts little.
struct WithinClassCovariance {
  /// The images less the means of their classes, Z, `[count, length]`; empty where there are more of them than numbers in
  /// one, as the covariance is smaller then.
  private let rows: [Float]
  private let count: Int
  private let length: Int
  /// What is added to all variances.
  private let ridge: Double
  /// The lower triangle L: LLᵀ is ZZᵀ/n + ridge·I, `[count, count]`, or without rows ZᵀZ/n + ridge·I, `[length, length]`.
  private let triangle: CholeskyFactor

  /// - Parameters:
  ///   - samples: of none, nothing is known, and vectors stay as they are.
  ///   - share: of the mean variance, what is added to all.
  init(_ images: ImageSet, samples: [Int], adding share: Double, pool: WorkerPool) {
    let (count, length) = (samples.count, images.shape.count)
    let (rows, sum) = Self.centred(images, samples)
    let ridge = share * sum / Double(max(rows.count, 1))
    let isWide = count <= length
    (self.count, self.length, self.ridge) = (count, length, ridge)
    self.rows = isWide ? rows : []
    let factors = isWide ? rows : (0..<length).flatMap { column in (0..<count).map { rows[$0 * length + column] } }
    triangle = CholeskyFactor(
      ofProducts: factors, count: isWide ? count : length, over: Double(max(count, 1)), adding: ridge, pool: pool)
  }

  /// The images less the means of their classes, and the sum of the squares.
  private static func centred(_ images: ImageSet, _ samples: [Int]) -> (rows: [Float], sum: Double) {
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
    return (rows, sum)
  }

  /// What the inverse makes of a vector, but for a factor, `[length]`.
  func solved(_ vector: [Double]) -> [Double] {
    guard ridge > 0 else { return vector }
    guard !rows.isEmpty else { return triangle.solved(vector).map { $0 * ridge } }
    // (ridge·I + ZᵀZ/n)⁻¹ d = (d - Zᵀ (ZZᵀ/n + ridge·I)⁻¹ Z d / n) / ridge: of n numbers, however large an image is.
    let narrow = vector.map(Float.init)
    let inner = rows.withUnsafeBufferPointer { rows in
      narrow.withUnsafeBufferPointer { narrow in
        (0..<count).map { DotProduct.of(rows, from: $0 * length, narrow) / Double(count) }
      }
    }
    let weights = triangle.solved(inner).map(Float.init)
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
}
