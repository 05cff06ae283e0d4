import Foundation

/// How far a network's class probabilities are from a teacher's: the mean Kullback–Leibler divergence
/// Σₖ tₖ·(log tₖ − log pₖ), with t the teacher's probabilities.
public struct ImitationLoss: Sendable {
  public init() {}

  /// Returns the sum of the divergences over the rows and writes the gradient of their mean.
  ///
  /// - Parameters:
  ///   - logits, teacherLogits: `[rows, classes]`
  ///   - gradient: `[rows, classes]`
  public func evaluate(
    rows: Int, classes: Int, logits: UnsafePointer<Float>, teacherLogits: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    var sum = 0.0
    for row in 0..<rows {
      let (own, teacher) = (logits + row * classes, teacherLogits + row * classes)
      let (ownNormalizer, teacherNormalizer) = (logSumExp(own, classes), logSumExp(teacher, classes))
      for k in 0..<classes {
        let logOwn = Double(own[k]) - ownNormalizer
        let logTeacher = Double(teacher[k]) - teacherNormalizer
        let probability = exp(logTeacher)
        sum += probability * (logTeacher - logOwn)
        gradient[row * classes + k] = Float((exp(logOwn) - probability) / Double(rows))
      }
    }
    return sum
  }

  private func logSumExp(_ logits: UnsafePointer<Float>, _ classes: Int) -> Double {
    var top = -Double.infinity
    for k in 0..<classes { top = max(top, Double(logits[k])) }
    var sum = 0.0
    for k in 0..<classes { sum += exp(Double(logits[k]) - top) }
    return top + log(sum)
  }
}
