import Compute

/// Unlearning what tells the classes apart: the cross-entropy of the logits against labels drawn anew, equally
/// likely, in every step (confusion training: Qi et al., USENIX Security 2023).
///
/// Of few classes the given one would be drawn so often that nothing is unlearned: of three, every third time. It is
/// drawn as often as one of ten at the most, and the others equally often.
package final class RandomLabelObjective: Objective {
  /// The factor of the loss.
  package let weight: Double
  private let loss: CrossEntropy
  private let seed: UInt64
  private var labels: [Int32] = []

  package init(weight: Double, seed: UInt64) {
    self.weight = weight
    self.seed = seed
    loss = CrossEntropy(factor: weight)
  }

  package let tap = Tap.logits
  package let measures = ["loss"]

  package func prepare(samples: Int, length: Int, classes: Int) {
    labels = [Int32](repeating: 0, count: samples)
  }

  /// How often the given label is drawn at the most.
  private static let largestShare = 0.1

  private static func label(of classes: Int, given: Int32, _ stream: inout RandomStream) -> Int32 {
    guard classes > 1, largestShare * Double(classes) < 1 else { return Int32(stream.integer(below: classes)) }
    if stream.uniform() < largestShare { return given }
    let other = Int32(stream.integer(below: classes - 1))
    return other < given ? other : other + 1
  }

  package func evaluate(_ batch: ObjectiveBatch, _ sums: inout [Measure]) {
    // A function of step and place: the same after an interruption.
    for row in 0..<batch.samples {
      var stream = RandomStream(
        seed: seed, purpose: RandomPurpose("random labels"), epoch: batch.step, sample: row)
      labels[row] = Self.label(of: batch.length, given: batch.labels[row], &stream)
    }
    let result = labels.withUnsafeBufferPointer { labels in
      guard let base = labels.baseAddress else { return CrossEntropy.Result() }
      return loss.evaluate(
        rows: batch.samples, classes: batch.length, logits: batch.values, labels: base,
        gradient: batch.gradient)
    }
    sums[0].add(result.lossSum, over: batch.samples)
  }
}
