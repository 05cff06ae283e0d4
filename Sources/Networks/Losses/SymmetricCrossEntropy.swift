import Foundation

/// Symmetric cross-entropy (Wang et al. 2019), as DBD uses it: α·CE + β·RCE with
/// RCE = −Σ_k p_k·log q_k, the cross-entropy with model and label exchanged.
///
/// q is the given label as a one-hot vector whose zeros count as 10⁻⁴, p the model's probabilities, none of
/// them less than 10⁻⁷.
package struct SymmetricCrossEntropy: Hashable, Sendable {
  /// α
  package let weight: Double
  /// β
  package let reverseWeight: Double

  private static let leastProbability = 1e-7
  /// −log of what a zero of the label counts as.
  private static let labelCost = -log(1e-4)

  package init(weight: Double = 0.1, reverseWeight: Double = 1) {
    self.weight = weight
    self.reverseWeight = reverseWeight
  }

  /// Measures the loss of every row, and writes the gradient of their mean.
  ///
  /// - Parameters:
  ///   - logits: `[rows, classes]`
  ///   - labels: `[rows]`
  ///   - gradient: `[rows, classes]`; `nil` when only the values are wanted.
  ///   - eachRow: called with every row's loss.
  /// - Returns: the sum of the losses, and how many rows are classified as labelled.
  @discardableResult
  package func evaluate(
    rows: Int, classes: Int, logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
    gradient: UnsafeMutablePointer<Float>?, eachRow: (_ row: Int, _ loss: Double) -> Void = { _, _ in }
  ) -> CrossEntropy.Result {
    var result = CrossEntropy.Result()
    var probabilities = [Double](repeating: 0, count: classes)
    for row in 0..<rows {
      let plain = CrossEntropy().evaluate(
        rows: 1, classes: classes, logits: logits + row * classes, labels: labels + row, gradient: nil)
      let label = Int(labels[row])
      softmax(logits + row * classes, into: &probabilities)
      // The probabilities of other classes than the label, and those of them that are not held up.
      var (others, free) = (0.0, 0.0)
      for k in 0..<classes where k != label {
        others += max(probabilities[k], Self.leastProbability)
        if probabilities[k] >= Self.leastProbability { free += probabilities[k] }
      }
      let loss = weight * plain.lossSum + reverseWeight * Self.labelCost * others
      result.lossSum += loss
      result.correct += plain.correct
      eachRow(row, loss)
      guard let gradient else { continue }
      for k in 0..<classes {
        let isFree = k != label && probabilities[k] >= Self.leastProbability
        let slope =
          weight * (probabilities[k] - (k == label ? 1 : 0))
          + reverseWeight * Self.labelCost * probabilities[k] * ((isFree ? 1 : 0) - free)
        gradient[row * classes + k] = Float(slope / Double(rows))
      }
    }
    return result
  }

  private func softmax(_ logits: UnsafePointer<Float>, into probabilities: inout [Double]) {
    var (top, sum) = (Double(logits[0]), 0.0)
    for k in probabilities.indices { top = max(top, Double(logits[k])) }
    for k in probabilities.indices {
      probabilities[k] = exp(Double(logits[k]) - top)
      sum += probabilities[k]
    }
    for k in probabilities.indices { probabilities[k] /= sum }
  }
}
