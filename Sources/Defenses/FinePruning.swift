import Compute
import Networks

/// Fine-pruning (Liu, Dolan-Gavitt and Garg 2018): the features that clean images use least are cut off from
/// the classifier, the least first, as long as that costs little accuracy; training then goes on without them.
///
/// A feature is a number that goes into the last linear layer: of a ResNet, a channel of its last stage.
package struct FinePruning: Sendable {
  /// How much of the accuracy on the clean images may be lost, as a share of it.
  package let tolerance: Double

  package init(tolerance: Double) { self.tolerance = tolerance }

  /// What is pruned, and what that does.
  package struct Result: Hashable, Sendable {
    /// Features, the least active first.
    package let pruned: [Int]
    package let accuracyBefore: Double
    package let accuracyAfter: Double
  }

  /// Finds the features to be pruned.
  ///
  /// - Parameters:
  ///   - features: of the clean images, `[count, length]`.
  ///   - weight: `[classes, length]`
  ///   - bias: `[classes]`
  ///   - labels: `[count]`
  package func result(
    features: UnsafePointer<Float>, length: Int, weight: [Float], bias: [Float], labels: [Int]
  ) -> Result {
    var activity = [Double](repeating: 0, count: length)
    var logits = [Double](repeating: 0, count: labels.count * bias.count)
    for image in labels.indices {
      let row = features + image * length
      for j in 0..<length { activity[j] += Double(row[j]) }
      for k in bias.indices {
        var sum = Double(bias[k])
        for j in 0..<length { sum += Double(weight[k * length + j]) * Double(row[j]) }
        logits[image * bias.count + k] = sum
      }
    }
    let before = accuracy(logits, labels: labels, classes: bias.count)
    let order = activity.indices.sorted { (activity[$0], $0) < (activity[$1], $1) }
    var (kept, after) = (0, before)
    for (place, feature) in order.dropLast().enumerated() {
      for image in labels.indices {
        let value = Double(features[image * length + feature])
        if value == 0 { continue }
        for k in bias.indices {
          logits[image * bias.count + k] -= Double(weight[k * length + feature]) * value
        }
      }
      let now = accuracy(logits, labels: labels, classes: bias.count)
      guard now >= (1 - tolerance) * before else { break }
      (kept, after) = (place + 1, now)
    }
    return Result(pruned: Array(order.prefix(kept)), accuracyBefore: before, accuracyAfter: after)
  }

  private func accuracy(_ logits: [Double], labels: [Int], classes: Int) -> Double {
    var correct = 0
    for (image, label) in labels.enumerated() {
      let row = logits[(image * classes)..<((image + 1) * classes)]
      let best = row.indices.max { (row[$0], $1) < (row[$1], $0) }
      if best == row.startIndex + label { correct += 1 }
    }
    return Double(correct) / Double(max(labels.count, 1))
  }
}

/// The usual step, after which some features stay cut off from the last linear layer.
package final class PrunedGradientStep: TrainingStep {
  private let step: GradientStep
  private let weight: NetworkParameter
  private let pruned: [Int]

  /// - Parameters:
  ///   - weight: of the linear layer, `[classes, length]`.
  ///   - pruned: features.
  package init(_ step: GradientStep, weight: NetworkParameter, pruned: [Int]) {
    self.step = step
    self.weight = weight
    self.pruned = pruned
  }

  package var stateNames: [String] { step.stateNames }
  package var tensors: [(name: String, values: FloatBuffer)] { step.tensors }

  package var numbers: [String: Double] {
    get { step.numbers }
    set { step.numbers = newValue }
  }

  package func prepare(_ network: Network, _ passes: [TrainingPass]) {
    step.prepare(network, passes)
    cut()
  }

  package func take(_ batch: TrainingBatch, _ network: Network, _ sums: inout [[Measure]]) {
    step.take(batch, network, &sums)
    cut()
  }

  private func cut() {
    let (classes, length) = (weight.storedShape[0], weight.storedShape[1])
    for feature in pruned {
      for k in 0..<classes { weight.values.pointer[k * length + feature] = 0 }
    }
  }
}
