/// The first phase of anti-backdoor learning (Li et al. 2021, ABL): the mean cross-entropy of a batch goes
/// towards a threshold γ from either side, so that what is learned with ease stands out by a low loss.
///
/// The paper's local gradient ascent, sign(ℓ − γ)·ℓ, and the flooding of its code, |ℓ − γ| + γ, have the same
/// gradient, sign(ℓ − γ)·∇ℓ, so they are one objective here. ℓ is the mean of the batch, not a sample's.
package final class GradientAscentObjective: Objective {
  /// γ
  package let threshold: Double

  package init(threshold: Double = 0.5) { self.threshold = threshold }

  package let tap = Tap.logits
  package let measures = ["loss", "accuracy"]

  package func evaluate(_ batch: ObjectiveBatch, _ sums: inout [Measure]) {
    let result = CrossEntropy().evaluate(
      rows: batch.samples, classes: batch.length, logits: batch.values, labels: batch.labels,
      gradient: batch.gradient)
    let mean = result.lossSum / Double(max(batch.samples, 1))
    let sign: Float = mean > threshold ? 1 : mean < threshold ? -1 : 0
    if sign != 1 {
      for index in 0..<batch.samples * batch.length { batch.gradient[index] *= sign }
    }
    sums[0].add(result.lossSum, over: batch.samples)
    sums[1].add(Double(result.correct), over: batch.samples)
  }
}
