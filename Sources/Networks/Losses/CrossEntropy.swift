import Foundation

/// Cross-entropy of logits against given labels.
package struct CrossEntropy: Sendable {
  /// What the optimiser does with it.
  package enum Direction: Hashable, Sendable {
    /// Learn: descend.
    case descend
    /// Unlearn: ascend, each sample until its own cross-entropy has reached `bound` (infinity for
    /// the published, unbounded ascent).
    case ascend(bound: Double)
  }

  package let direction: Direction
  /// The factor of this term in the whole loss.
  package let factor: Double

  package init(direction: Direction = .descend, factor: Double = 1) {
    self.direction = direction
    self.factor = factor
  }

  /// What was measured on some samples; sums, so that batches can be added up.
  package struct Result: Sendable {
    /// Σ of the cross-entropies, whatever the direction.
    package var lossSum = 0.0
    /// Samples whose largest logit is at the label, and whose loss is a finite number.
    package var correct = 0
  }

  /// Measures the loss and writes the gradient of its mean over the rows.
  ///
  /// - Parameters:
  ///   - logits: `[rows, classes]`
  ///   - labels: `[rows]`
  ///   - gradient: `[rows, classes]`; `nil` when only the measure is wanted.
  ///   - losses: where to put the cross-entropy of each row, if wanted.
  package func evaluate(
    rows: Int, classes: Int, logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
    gradient: UnsafeMutablePointer<Float>?, losses: UnsafeMutablePointer<Double>? = nil
  ) -> Result {
    var result = Result()
    for row in 0..<rows {
      let line = logits + row * classes
      let label = Int(labels[row])
      var best = 0
      for k in 1..<max(classes, 1) where line[k] > line[best] { best = k }
      let top = Double(line[best])
      var sum = 0.0
      for k in 0..<classes { sum += exp(Double(line[k]) - top) }
      let loss = log(sum) + top - Double(line[label])
      result.lossSum += loss
      losses?[row] = loss
      // With NaN among the logits no comparison holds, and the first class is not the largest.
      if best == label && loss.isFinite { result.correct += 1 }
      if let gradient {
        let scale = factor * sign(for: loss) / Double(rows)
        for k in 0..<classes {
          let probability = exp(Double(line[k]) - top) / sum
          gradient[row * classes + k] = Float(scale * (probability - (k == label ? 1 : 0)))
        }
      }
    }
    return result
  }

  private func sign(for loss: Double) -> Double {
    switch direction {
    case .descend: 1
    case .ascend(let bound): loss < bound ? -1 : 0
    }
  }
}
