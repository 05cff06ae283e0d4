import Compute
import Defenses
import Networks
import Testing

@Suite struct FinePruningTests {
  /// Two features that decide, one that is used less, and one that is never active.
  private func result(tolerance: Double) -> FinePruning.Result {
    let features: [Float] = [
      2, 0, 0, 0.5,
      2, 1, 0, 0,
      0, 2, 0, 0.5,
      0, 2, 0, 0,
    ]
    let buffer = FloatBuffer(features)
    return withExtendedLifetime(buffer) {
      FinePruning(tolerance: tolerance).result(
        features: buffer.pointer, length: 4, weight: [1, 0, 9, 1, 0, 1, 9, 0], bias: [0, 0],
        labels: [0, 0, 1, 1])
    }
  }

  @Test func leastActiveFirst() {
    // Activity: 4, 5, 0, 1. Without the first feature the first two images are lost.
    let careful = result(tolerance: 0.1)
    #expect(careful.pruned == [2, 3])
    #expect(careful.accuracyBefore == 1 && careful.accuracyAfter == 1)
    // Of the two, one has equal logits then, which count for the first class.
    let careless = result(tolerance: 0.6)
    #expect(careless.pruned == [2, 3, 0])
    #expect(careless.accuracyAfter == 0.75)
  }

  /// What is cut off stays so while the rest learns.
  @Test func prunedFeaturesStayCutOff() throws {
    let fixture = try ReferenceNetwork(Reference("anp"), weights: "initial")
    let weight = try #require(fixture.network.parameters.first { $0.name == "fc.weight" })
    let before = weight.values.array
    let step = PrunedGradientStep(
      GradientStep(StochasticGradientDescent()), weight: weight, pruned: [0, 5])
    try fixture.loop(step, epochs: 3, rate: 0.1).run(observer: nil)
    for (index, value) in weight.values.array.enumerated() {
      #expect([0, 5].contains(index % 24) ? value == 0 : value != before[index])
    }
  }
}
