import Foundation

/// The loss of the intra-class fine-tuning: the mean cosine between the class centres of a batch.
///
/// With C the classes present and μ̂ₖ the centre of class k over its length,
/// L = Σ_{k≠l} μ̂ₖ·μ̂ₗ / |C|² (method 4.2; the divisor counts the diagonal, as the authors' code does).
/// Features are not negative, so the loss is not either; it is 0 when the centres have disjoint
/// support, or are zero. A centre of zero stays zero and gives no gradient.
public struct IntraClassLoss: Sendable {
  public init() {}

  /// Returns the loss and writes its gradient.
  ///
  /// - Parameters:
  ///   - features: `[rows, length]`
  ///   - labels: the given labels, `[rows]`
  ///   - gradient: `[rows, length]`
  public func evaluate(
    rows: Int, length: Int, features: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
    gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    let present = Set(UnsafeBufferPointer(start: labels, count: rows)).sorted()
    var position: [Int32: Int] = [:]
    for (index, label) in present.enumerated() { position[label] = index }
    let members = (0..<rows).map { position[labels[$0]] ?? 0 }

    var centres = [Double](repeating: 0, count: present.count * length)
    var sizes = [Double](repeating: 0, count: present.count)
    for row in 0..<rows {
      sizes[members[row]] += 1
      let base = members[row] * length
      for j in 0..<length { centres[base + j] += Double(features[row * length + j]) }
    }
    var lengths = [Double](repeating: 0, count: present.count)
    var sum = [Double](repeating: 0, count: length)
    var ownSquares = 0.0
    for k in present.indices {
      var square = 0.0
      for j in 0..<length {
        centres[k * length + j] /= sizes[k]
        square += centres[k * length + j] * centres[k * length + j]
      }
      lengths[k] = square.squareRoot()
      guard lengths[k] > 1e-12 else { continue }
      for j in 0..<length {
        centres[k * length + j] /= lengths[k]
        sum[j] += centres[k * length + j]
      }
      ownSquares += 1
    }
    let divisor = Double(present.count * present.count)
    let loss = (sum.reduce(0) { $0 + $1 * $1 } - ownSquares) / divisor

    // ∂L/∂μ̂ₖ = 2(S − μ̂ₖ)/|C|²; its part along μ̂ₖ does not reach μₖ; each sample has 1/nₖ of it.
    var centreGradients = [Float](repeating: 0, count: present.count * length)
    for k in present.indices where lengths[k] > 1e-12 {
      let base = k * length
      var along = 0.0
      for j in 0..<length { along += (sum[j] - centres[base + j]) * centres[base + j] }
      for j in 0..<length {
        let across = sum[j] - centres[base + j] - along * centres[base + j]
        centreGradients[base + j] = Float(2 * across / (divisor * lengths[k] * sizes[k]))
      }
    }
    for row in 0..<rows {
      for j in 0..<length { gradient[row * length + j] = centreGradients[members[row] * length + j] }
    }
    return loss
  }
}
