import Compute
import Foundation
import Images
import Networks
import Testing

/// A step of another kind than the usual one is a type of its own, and what it keeps between steps is in its
/// state.
@Suite struct TrainingStepTests {
  /// Learns one factor for each channel of the batch normalisations by two passes, one with factors that were
  /// moved against the loss; everything else is frozen. (Adversarial neuron pruning works like this.)
  private final class PerturbedMasks: TrainingStep {
    private(set) var masks: [FloatBuffer] = []
    private var scales: [[Float]] = []
    private var gradients: GradientPass?
    var steps = 0

    let stateNames: [String] = []
    var tensors: [(name: String, values: FloatBuffer)] {
      masks.enumerated().map { ("mask.\($0)", $1) }
    }
    var numbers: [String: Double] {
      get { ["steps": Double(steps)] }
      set { steps = Int(newValue["steps"] ?? 0) }
    }

    func prepare(_ network: Network, _ passes: [TrainingPass]) {
      gradients = network.gradientPass(from: [.logits])
      masks = network.normalizations.map { FloatBuffer([Float](repeating: 1, count: $0.channels)) }
      scales = network.normalizations.map(\.scale.values.array)
    }

    func take(_ batch: TrainingBatch, _ network: Network, _ sums: inout [[Measure]]) {
      guard let gradients else { return }
      steps += 1
      var directions: [[Float]] = []
      for isPerturbed in [false, true] {
        for (index, normalization) in network.normalizations.enumerated() {
          for c in 0..<normalization.channels {
            let move: Float = isPerturbed ? 0.1 * (directions[index][c] > 0 ? 1 : -1) : 0
            normalization.scale.values.pointer[c] = scales[index][c] * (masks[index].pointer[c] + move)
          }
        }
        network.forward(images: batch.images, batch.forward)
        let output = network.output(.logits)
        let part = batch.part(0, row: 0, at: output, pool: network.context.pool)
        batch.pass.parts[0].objective.evaluate(part, &sums[0])
        network.backward(images: batch.images, gradients)
        directions = network.normalizations.map(\.scale.gradient.array)
      }
      for (index, mask) in masks.enumerated() {
        for c in 0..<mask.count {
          let slope = directions[index][c] * scales[index][c]
          mask.pointer[c] = min(1, max(0, mask.pointer[c] - Float(batch.rate) * slope / Float(steps)))
        }
      }
    }
  }

  private func loop(_ fixture: TrainingFixture, _ step: any TrainingStep) -> TrainingLoop {
    let network = Network(
      resnet18(
        width: 2, stem: .maxPooling, classes: TrainingFixture.classes, height: 8, imageWidth: 8),
      capacity: 8, context: ExecutionContext())
    network.initialize(seed: 4)
    let part = fixture.part("masks", fixture.samples(), batch: 8)
    return TrainingLoop(
      network: network, passes: [TrainingPass(parts: [part], schedule: .constant(0.5))], epochs: 2,
      step: step, seed: 1)
  }

  @Test func ownStateIsEnoughToGoOn() throws {
    let fixture = try TrainingFixture(count: 27)
    let whole = PerturbedMasks()
    let expected = loop(fixture, whole)
    try expected.run(observer: nil)
    #expect(whole.steps == 8)
    #expect(whole.masks.contains { $0.array.contains { $0 < 1 } }, "something was learned")
    #expect(whole.masks.allSatisfy { $0.array.allSatisfy { (0...1).contains($0) } })

    struct Stop: Error {}
    let (first, rest) = (PerturbedMasks(), PerturbedMasks())
    let interrupted = loop(fixture, first)
    let observer = TestObserver()
    observer.afterStep = { if $0.stepsDone == 5 { throw Stop() } }
    #expect(throws: Stop.self) { try interrupted.run(observer: observer) }
    let resumed = loop(fixture, rest)
    try TrainingSnapshot(interrupted).restore(resumed)
    rest.numbers = first.numbers
    for (from, to) in zip(first.tensors, rest.tensors) {
      #expect(from.name == to.name)
      _ = to.values.elements.update(fromContentsOf: from.values.array)
    }
    // The scales that masks multiply are those of the untouched network.
    try resumed.run(observer: nil)
    #expect(zip(rest.masks, whole.masks).allSatisfy { $0.array == $1.array })
    #expect(resumed.state == expected.state)
  }
}
