import Compute
import Foundation
import Networks
import Testing

/// Fast convolutions round differently from the general ones; a training must not be able to tell.
@Suite struct TrainingCurveTests {
  private static let (batch, side, classes, steps) = (16, 16, 10, 300)

  /// The losses of a training that never sees an image twice: each shows the pattern of its class in
  /// twice as much noise.
  ///
  /// - Parameter perturbation: by how much the initial weights are changed, relative to themselves.
  private func losses(_ convolutions: ConvolutionChoice, perturbation: Double = 0) -> [Double] {
    let network = Network(
      resnet18(
        width: 16, stem: .plain, classes: Self.classes, height: Self.side, imageWidth: Self.side),
      capacity: Self.batch, context: ExecutionContext(pool: .shared, convolutions: convolutions))
    network.initialize(seed: 3)
    var change = RandomStream(seed: 4, purpose: RandomPurpose("perturbation"))
    for parameter in network.parameters where perturbation > 0 {
      for index in 0..<parameter.count {
        parameter.values.pointer[index] *= Float(1 + perturbation * change.normal())
      }
    }
    var stream = RandomStream(seed: 1, purpose: RandomPurpose("training curve"))
    let size = network.input.count / Self.batch
    let patterns = (0..<(Self.classes * size)).map { _ in Float(stream.normal() / 2) }
    return (0..<Self.steps).map { _ in
      let labels = (0..<Self.batch).map { _ in Int32(stream.integer(below: Self.classes)) }
      for (image, label) in labels.enumerated() {
        for index in 0..<size {
          network.input.pointer[image * size + index] =
            patterns[Int(label) * size + index] + Float(stream.normal())
        }
      }
      network.forward(images: Self.batch, mode: .training)
      let result = CrossEntropy().evaluate(
        rows: Self.batch, classes: Self.classes, logits: network.logits.pointer, labels: labels,
        gradient: network.logitsGradient.pointer)
      network.backward(images: Self.batch, from: .logits)
      StochasticGradientDescent().step(network.parameters, rate: 0.001, pool: network.context.pool)
      return result.lossSum / Double(Self.batch)
    }
  }

  /// Means over 25 steps.
  private func smoothed(_ losses: [Double]) -> [Double] {
    (0...(losses.count - 25)).map { losses[$0..<($0 + 25)].reduce(0, +) / 25 }
  }

  private func largestDistance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
  }

  /// Two trainings whose numbers differ in the last digits drift apart, whatever computes them; what
  /// chance does is seen from one that begins elsewhere by a millionth.
  @Test func fastConvolutionsFollowTheGeneralOnes() {
    let general = losses(.direct)
    let fast = losses(.byShape)
    let perturbed = losses(.direct, perturbation: 1e-6)
    #expect(fast != general, "they are computed in different ways")
    for step in 0..<20 {
      #expect(abs(fast[step] / general[step] - 1) < (step < 5 ? 1e-6 : 5e-3), "step \(step)")
    }
    let curve = smoothed(general)
    let chance = largestDistance(smoothed(perturbed), curve)
    #expect(largestDistance(smoothed(fast), curve) < 2 * chance)
    #expect(chance < 0.3, "a millionth does not change what is learned")
    #expect((curve.last ?? 9) < 0.6 * (curve.first ?? 0), "there is something to learn")
  }
}
