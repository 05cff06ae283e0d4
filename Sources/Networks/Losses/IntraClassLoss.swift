import Compute

/// The loss of the intra-class fine-tuning: the mean cosine between the class centres of a batch.
///
/// With C the classes present and μ̂ₖ the centre of class k over its length,
/// L = Σ_{k≠l} μ̂ₖ·μ̂ₗ / |C|² (method 4.2; the divisor counts the diagonal, as the authors' code does).
/// Features are not negative, so the loss is not either; it is 0 when the centres have disjoint
/// support, or are zero. A centre of zero stays zero and gives no gradient.
package struct IntraClassLoss: Sendable {
  package init() {}

  /// Memory that an evaluation needs.
  package final class Workspace {
    package let classes: Int
    package let length: Int
    /// `[classes, length]`: sums, means, and at last means over their lengths.
    fileprivate let centres: UnsafeMutablePointer<Double>
    /// The samples of each class.
    fileprivate let sizes: UnsafeMutablePointer<Double>
    /// The lengths of the means, `[classes]`.
    fileprivate let lengths: UnsafeMutablePointer<Double>
    /// Of all centres, `[length]`.
    fileprivate let sum: UnsafeMutablePointer<Double>
    /// `[classes, length]`
    fileprivate let gradients: FloatBuffer

    /// - Parameter length: of a feature vector.
    package init(classes: Int, length: Int) {
      self.classes = classes
      self.length = length
      centres = .allocate(capacity: classes * length)
      sizes = .allocate(capacity: classes)
      lengths = .allocate(capacity: classes)
      sum = .allocate(capacity: length)
      gradients = FloatBuffer(count: classes * length)
      clear()
    }

    deinit {
      centres.deallocate()
      sizes.deallocate()
      lengths.deallocate()
      sum.deallocate()
    }

    fileprivate func clear() {
      centres.initialize(repeating: 0, count: classes * length)
      sizes.initialize(repeating: 0, count: classes)
      lengths.initialize(repeating: 0, count: classes)
      sum.initialize(repeating: 0, count: length)
      gradients.fill(with: 0)
    }
  }

  /// Returns the loss and writes its gradient.
  ///
  /// - Parameters:
  ///   - features: `[rows, length]`
  ///   - labels: the given labels, `[rows]`, in 0..<`workspace.classes`.
  ///   - workspace: for vectors of this length.
  ///   - gradient: `[rows, length]`
  package func evaluate(
    rows: Int, length: Int, features: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
    workspace: Workspace, gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    precondition(workspace.length == length)
    workspace.clear()
    let (centres, sizes, lengths, sum) = (
      workspace.centres, workspace.sizes, workspace.lengths, workspace.sum
    )
    let centreGradients = workspace.gradients.pointer
    for row in 0..<rows {
      let label = Int(labels[row])
      precondition(label >= 0 && label < workspace.classes)
      sizes[label] += 1
      let base = label * length
      for j in 0..<length { centres[base + j] += Double(features[row * length + j]) }
    }
    var present = 0.0
    var ownSquares = 0.0
    for k in 0..<workspace.classes where sizes[k] > 0 {
      present += 1
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
    let divisor = present * present
    var square = 0.0
    for j in 0..<length { square += sum[j] * sum[j] }
    let loss = (square - ownSquares) / divisor

    // ∂L/∂μ̂ₖ = 2(S − μ̂ₖ)/|C|²; its part along μ̂ₖ does not reach μₖ; each sample has 1/nₖ of it.
    for k in 0..<workspace.classes where lengths[k] > 1e-12 {
      let base = k * length
      var along = 0.0
      for j in 0..<length { along += (sum[j] - centres[base + j]) * centres[base + j] }
      for j in 0..<length {
        let across = sum[j] - centres[base + j] - along * centres[base + j]
        centreGradients[base + j] = Float(2 * across / (divisor * lengths[k] * sizes[k]))
      }
    }
    for row in 0..<rows {
      (gradient + row * length).update(
        from: centreGradients + Int(labels[row]) * length, count: length)
    }
    return loss
  }
}
