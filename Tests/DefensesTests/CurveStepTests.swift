import Defenses
import Networks
import Testing

@Suite struct CurveStepTests {
  private func ends() throws -> (start: ReferenceNetwork, curve: WeightCurve) {
    let reference = try Reference("mcr")
    let start = try ReferenceNetwork(reference, weights: "start")
    return (
      start,
      WeightCurve(from: start.network, to: try ReferenceNetwork(reference, weights: "end").network)
    )
  }

  private func loop(
    _ fixture: ReferenceNetwork, _ curve: WeightCurve, epochs: Int, batch: Int = 10
  ) -> TrainingLoop {
    curve.fillWithMiddle(fixture.network)
    return fixture.loop(
      CurveStep(
        curve, optimizer: StochasticGradientDescent(momentum: 0.9, weightDecay: 0), weightDecay: 1e-2),
      epochs: epochs, rate: 0.05, batch: batch)
  }

  @Test func gradientAgreesWithPyTorch() throws {
    let (fixture, curve) = try ends()
    try loop(fixture, curve, epochs: 1).run(observer: nil)
    try fixture.expectGradients(Reference("mcr"), "first_gradient")
  }

  /// Three steps of the middle point; then a point of the curve, its statistics, and what it computes.
  @Test func stepsAndPointAgreeWithPyTorch() throws {
    let reference = try Reference("mcr")
    let (fixture, curve) = try ends()
    let loop = loop(fixture, curve, epochs: 3)
    try loop.run(observer: nil)
    try fixture.expectWeights(reference, "middle")
    let losses = try #require(loop.state.history["test_loss"])
    expectClose(losses.map(Float.init), try reference.floats("losses"), "losses")

    // Two batches of five images each.
    let half = try ReferenceNetwork(reference, weights: "middle", capacity: 5)
    curve.move(half.network, to: 0.1)
    try half.expectWeights(reference, "point")
    let all = Array(0..<ReferenceNetwork.count)
    half.network.estimateStatistics(over: all, of: half.assembler)
    let statistics = half.network.normalizations.flatMap { $0.statistics.flatMap(\.values.array) }
    expectClose(statistics, try reference.floats("statistics"), "statistics")
    var logits: [Float] = []
    Inference.run(half.network, over: all, of: half.assembler) { range, _, values in
      logits += (0..<range.count * ReferenceNetwork.classes).map { values[$0] }
    }
    expectClose(logits, try reference.floats("logits"), "logits")
  }

  /// The published schedule.
  @Test func linearSchedule() {
    let schedule = LearningRateSchedule.linear(rate: 0.01, epochs: 100)
    for (epoch, expected) in [(0, 0.01), (50, 0.01), (70, 0.00505), (90, 1e-4), (99, 1e-4)] {
      #expect(abs(schedule.rate(epoch: epoch, step: 3, stepsPerEpoch: 9) - expected) < 1e-12)
    }
  }

  @Test func endsOfTheCurve() throws {
    let (fixture, curve) = try ends()
    let (network, reference) = (fixture.network, try Reference("mcr"))
    curve.fillWithMiddle(network)
    curve.move(network, to: 0)
    try fixture.expectWeights(reference, "start")
    curve.fillWithMiddle(network)
    curve.move(network, to: 1)
    try fixture.expectWeights(reference, "end")
  }

  @Test func stateIsEnoughToGoOn() throws {
    func loop() throws -> TrainingLoop {
      let (fixture, curve) = try ends()
      return self.loop(fixture, curve, epochs: 2, batch: 4)
    }
    let (whole, resumed) = (try loop(), try loop())
    try whole.run(observer: nil)
    try Interruption.move(loop(), after: 4, to: resumed)
    try resumed.run(observer: nil)
    #expect(
      resumed.network.parameters.map(\.values.array) == whole.network.parameters.map(\.values.array))
  }
}
