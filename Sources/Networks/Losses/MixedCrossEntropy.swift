/// The mixed cross-entropy (paper, Eq. 3; method 5.5): the mean over the clean samples of a batch less
/// `poisonedWeight` times the mean over its poisoned ones.
///
/// A batch that has none of one kind has no such term.
package struct MixedCrossEntropy: Hashable, Sendable {
  /// λ_p.
  package let poisonedWeight: Double

  package init(poisonedWeight: Double) { self.poisonedWeight = poisonedWeight }

  /// What was measured on the clean and on the poisoned samples of a batch.
  package struct Result: Sendable {
    package var clean = CrossEntropy.Result()
    package var cleanCount = 0
    package var poisoned = CrossEntropy.Result()
    package var poisonedCount = 0
  }

  /// Measures the loss and writes its gradient.
  ///
  /// - Parameters:
  ///   - logits: `[rows, classes]`
  ///   - labels: the given labels, `[rows]`
  ///   - gradient: `[rows, classes]`
  ///   - isPoisoned: whether a row is of a poisoned sample.
  package func evaluate(
    rows: Int, classes: Int, logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
    gradient: UnsafeMutablePointer<Float>, isPoisoned: (_ row: Int) -> Bool
  ) -> Result {
    var result = Result()
    for row in 0..<rows where isPoisoned(row) { result.poisonedCount += 1 }
    result.cleanCount = rows - result.poisonedCount
    let descent = CrossEntropy(factor: 1 / Double(max(result.cleanCount, 1)))
    let ascent = CrossEntropy(factor: -poisonedWeight / Double(max(result.poisonedCount, 1)))
    for row in 0..<rows {
      let isPoisoned = isPoisoned(row)
      let found = (isPoisoned ? ascent : descent).evaluate(
        rows: 1, classes: classes, logits: logits + row * classes, labels: labels + row,
        gradient: gradient + row * classes)
      if isPoisoned {
        result.poisoned.lossSum += found.lossSum
        result.poisoned.correct += found.correct
      } else {
        result.clean.lossSum += found.lossSum
        result.clean.correct += found.correct
      }
    }
    return result
  }
}
