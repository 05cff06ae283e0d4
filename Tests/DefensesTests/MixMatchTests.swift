import Compute
import Defenses
import Networks
import Testing

@Suite struct MixMatchTests {
  @Test func sharpeningAgreesWithPyTorch() throws {
    let reference = try Reference("mixmatch")
    let (first, second) = (
      FloatBuffer(try reference.floats("first")), FloatBuffer(try reference.floats("second"))
    )
    let found = FloatBuffer(count: first.count)
    for row in 0..<4 {
      MixMatch.sharpen(
        first.pointer + 5 * row, second.pointer + 5 * row, classes: 5, temperature: 0.5,
        into: found.pointer + 5 * row)
    }
    expectClose(found.array, try reference.floats("sharpened"), "sharpened")
  }

  @Test func mixingAgreesWithPyTorch() throws {
    let reference = try Reference("mixmatch")
    let rows = FloatBuffer(try reference.floats("rows"))
    let found = FloatBuffer(count: rows.count)
    MixMatch.mix(
      rows.pointer, length: 7, partners: try reference.integers("partners"), share: 0.75,
      into: found.pointer)
    expectClose(found.array, try reference.floats("mixed"), "mixed")
  }

  /// Both losses, and the gradient of their weighted sum.
  @Test func lossesAgreeWithPyTorch() throws {
    let reference = try Reference("mixmatch")
    let (logits, targets) = (
      FloatBuffer(try reference.floats("logits")), FloatBuffer(try reference.floats("targets"))
    )
    let gradient = FloatBuffer(count: logits.count)
    let soft = MixMatch.softCrossEntropy(
      rows: 2, classes: 5, logits: logits.pointer, targets: targets.pointer, gradient: gradient.pointer)
    let difference = MixMatch.squaredDifference(
      rows: 4, classes: 5, logits: logits.pointer + 10, targets: targets.pointer + 10, weight: 7.5,
      gradient: gradient.pointer + 10)
    expectClose([Float(soft)], try reference.floats("soft"), "soft")
    expectClose([Float(difference)], try reference.floats("difference"), "difference")
    expectClose(gradient.array, try reference.floats("gradient"), "gradient")
  }
}

@Suite struct MixMatchStepTests {
  private func loop() throws -> TrainingLoop {
    let fixture = try ReferenceNetwork(Reference("anp"), weights: "initial", capacity: 9)
    func part(_ name: String, _ indices: [Int], views: Int, _ measures: [String]) -> TrainingPart {
      TrainingPart(
        name: name,
        samples: TrainingSamples(
          assembler: fixture.assembler, indices: indices, augmentation: .cropFlip, views: views),
        batch: 3, objective: MixtureObjective(measures))
    }
    let pass = TrainingPass(
      parts: [
        part("labelled", Array(0..<6), views: 1, ["loss"]),
        part("unlabelled", Array(6..<10), views: 2, MixMatchStep.unlabelledMeasures),
      ], schedule: .constant(0.002))
    return TrainingLoop(
      network: fixture.network, passes: [pass], epochs: 15,
      step: MixMatchStep(
        MixMatchStep.Settings(temperature: 0.5, concentration: 0.75, unlabelledWeight: 15, steps: 30),
        optimizer: Adam()), seed: 3)
  }

  @Test func learns() throws {
    let loop = try loop()
    try loop.run(observer: nil)
    let losses = try #require(loop.state.history["labelled_loss"])
    let (first, last): (Double, Double) = (losses.prefix(5).reduce(0, +), losses.suffix(5).reduce(0, +))
    #expect(last < first)
    #expect(loop.state.history["unlabelled_difference"]?.allSatisfy { $0 > 0 && $0 < 1 } == true)
  }

  @Test func stateIsEnoughToGoOn() throws {
    let (whole, resumed) = (try loop(), try loop())
    try whole.run(observer: nil)
    try Interruption.move(loop(), after: 7, to: resumed)
    try resumed.run(observer: nil)
    #expect(
      resumed.network.parameters.map(\.values.array) == whole.network.parameters.map(\.values.array))
  }
}
