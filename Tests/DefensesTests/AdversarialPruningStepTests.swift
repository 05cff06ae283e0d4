import Defenses
import Networks
import Testing

@Suite struct AdversarialPruningStepTests {
  private func loop(_ step: AdversarialPruningStep, batch: Int = 10) throws -> TrainingLoop {
    try ReferenceNetwork(Reference("anp"), weights: "initial").loop(
      step, epochs: 3, rate: 0.2, mode: .trainingWithFixedStatistics,
      further: AdversarialPruningStep.furtherMeasures, batch: batch)
  }

  /// Random start, step against the loss, and three updates of the masks with momentum.
  @Test func agreesWithPyTorch() throws {
    let reference = try Reference("anp")
    let step = AdversarialPruningStep()
    let loop = try loop(step)
    let before = loop.network.parameters.map(\.values.array)
    let statistics = loop.network.normalizations.flatMap { $0.statistics.map(\.values.array) }
    try loop.run(observer: nil)
    #expect(step.masks.names == (try reference.group.attribute("names")))
    expectClose(step.masks.values.flatMap(\.self), try reference.floats("masks"), "masks")
    for (column, name) in [("test_loss", "clean_losses"), ("test_perturbed_loss", "perturbed_losses")] {
      let found = try #require(loop.state.history[column])
      expectClose(found.map(Float.init), try reference.floats(name), column)
    }
    // Some were learned, some cut, and the network is what it was.
    #expect(step.masks.values.contains { $0.contains { $0 > 0 && $0 < 0.9 } })
    #expect(loop.network.parameters.map(\.values.array) == before)
    #expect(loop.network.normalizations.flatMap { $0.statistics.map(\.values.array) } == statistics)
  }

  @Test func stateIsEnoughToGoOn() throws {
    let (whole, rest) = (AdversarialPruningStep(), AdversarialPruningStep())
    try loop(whole, batch: 4).run(observer: nil)
    let resumed = try loop(rest, batch: 4)
    try Interruption.move(loop(AdversarialPruningStep(), batch: 4), after: 5, to: resumed)
    try resumed.run(observer: nil)
    #expect(rest.masks == whole.masks)
  }
}

@Suite struct ChannelMaskTests {
  @Test func pruningTakesTheScaleAndLeavesTheShift() throws {
    let network = try ReferenceNetwork(Reference("anp"), weights: "initial").network
    let values = network.normalizations.enumerated().map { index, normalization in
      (0..<normalization.channels).map { c in index == 1 && c < 2 ? Float(0.1 * Double(c + 1)) : 1 }
    }
    let masks = ChannelMasks(names: network.normalizations.map(\.name), values: values)
    #expect([0.05, 0.15, 0.9, 1].map { masks.prunedCount(at: $0) } == [0, 1, 2, masks.channelCount])
    let (scale, shift) = (
      network.normalizations[1].scale.values.array, network.normalizations[1].shift.values.array
    )
    let others = network.parameters.filter { $0.name != "layer1.0.bn1.weight" }.map(\.values.array)
    masks.prune(network, at: 0.15)
    #expect(network.normalizations[1].scale.values.array == [0] + scale.dropFirst())
    #expect(network.normalizations[1].shift.values.array == shift)
    #expect(network.parameters.filter { $0.name != "layer1.0.bn1.weight" }.map(\.values.array) == others)
  }

  @Test func thresholds() {
    #expect(ChannelMasks.thresholds.count == 19)
    #expect(ChannelMasks.thresholds.first == 0)
    #expect(abs((ChannelMasks.thresholds.last ?? 0) - 0.9) < 1e-12)
  }

  @Test func rules() {
    func trial(_ threshold: Double, _ accuracy: Double, _ success: Double? = nil) -> PruningRule.Trial {
      PruningRule.Trial(threshold: threshold, accuracy: accuracy, attackSuccess: success)
    }
    let trials = [trial(0, 0.8, 0.9), trial(0.1, 0.75, 0.2), trial(0.2, 0.74, 0.3), trial(0.3, 0.3, 0)]
    #expect(PruningRule.largest(of: trials, accuracy: 0.8, tolerance: 0.1) == trials[2])
    #expect(PruningRule.largest(of: trials, accuracy: 0.8, tolerance: 0.7) == trials[3])
    #expect(PruningRule.largest(of: trials, accuracy: 0.9, tolerance: 0.01) == nil)
    #expect(PruningRule.leastAttackSuccess(of: trials, accuracy: 0.8, tolerance: 0.1) == trials[1])
    #expect(
      PruningRule.leastAttackSuccess(of: [trial(0, 0.8)], accuracy: 0.8, tolerance: 0.1) == nil,
      "nobody looked")
  }
}
