import Compute

/// Unlearning what tells the classes apart: the cross-entropy of the logits against labels drawn anew, equally
/// likely, in every step (confusion training: Qi et al., USENIX Security 2023).
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

  package func evaluate(_ batch: ObjectiveBatch, _ sums: inout [Measure]) {
    // A function of step and place: the same after an interruption, and not of the given labels.
    for row in 0..<batch.samples {
      var stream = RandomStream(
        seed: seed, purpose: RandomPurpose("random labels"), epoch: batch.step, sample: row)
      labels[row] = Int32(stream.integer(below: batch.length))
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
