import Compute
import Defenses
import Networks
import Testing

@Suite struct AttentionDistillationStepTests {
  private let terms: [AttentionDistillationStep.Term] = [
    .init("layer1", weight: 0), .init("layer2", weight: 20), .init("layer3", weight: 50),
    .init("layer4", weight: 100),
  ]

  private func step() throws -> AttentionDistillationStep {
    AttentionDistillationStep(
      teacher: try ReferenceNetwork(Reference("nad"), weights: "teacher").network, terms: terms,
      optimizer: StochasticGradientDescent(momentum: 0.9, weightDecay: 1e-3, isNesterov: true))
  }

  private func loop(epochs: Int, batch: Int = 10) throws -> TrainingLoop {
    try ReferenceNetwork(Reference("nad"), weights: "initial").loop(
      step(), epochs: epochs, rate: 0.01, further: AttentionDistillationStep.furtherMeasures,
      batch: batch)
  }

  @Test func gradientAgreesWithPyTorch() throws {
    let (reference, student) = (
      try Reference("nad"), try ReferenceNetwork(Reference("nad"), weights: "initial")
    )
    let loop = student.loop(
      try step(), epochs: 1, rate: 0.01, further: AttentionDistillationStep.furtherMeasures)
    try loop.run(observer: nil)
    try student.expectGradients(reference, "first_gradient")
  }

  @Test func stepsAgreeWithPyTorch() throws {
    let (reference, student) = (
      try Reference("nad"), try ReferenceNetwork(Reference("nad"), weights: "initial")
    )
    let loop = student.loop(
      try step(), epochs: 2, rate: 0.01, further: AttentionDistillationStep.furtherMeasures)
    try loop.run(observer: nil)
    try student.expectWeights(reference, "final")
    for (column, name) in [("test_loss", "losses"), ("test_attention_loss", "attention_losses")] {
      let found = try #require(loop.state.history[column])
      expectClose(found.map(Float.init), try reference.floats(name), column)
    }
  }

  @Test func stateIsEnoughToGoOn() throws {
    let (whole, resumed) = (try loop(epochs: 2, batch: 4), try loop(epochs: 2, batch: 4))
    try whole.run(observer: nil)
    try Interruption.move(loop(epochs: 2, batch: 4), after: 4, to: resumed)
    try resumed.run(observer: nil)
    #expect(
      resumed.network.parameters.map(\.values.array) == whole.network.parameters.map(\.values.array))
  }
}

@Suite struct AttentionLossTests {
  /// PyTorch's maps lie channel by channel.
  private func reordered(_ values: [Float]) -> [Float] {
    var result = values
    for image in 0..<3 {
      for c in 0..<7 {
        for pixel in 0..<20 { result[(image * 20 + pixel) * 7 + c] = values[(image * 7 + c) * 20 + pixel] }
      }
    }
    return result
  }

  @Test func agreesWithPyTorch() throws {
    let reference = try Reference("attention")
    let (student, teacher) = (
      FloatBuffer(reordered(try reference.floats("student"))),
      FloatBuffer(reordered(try reference.floats("teacher")))
    )
    let gradient = FloatBuffer(count: student.count)
    let loss = AttentionLoss(weight: 2.5).evaluate(
      images: 3, shape: MapShape(height: 4, width: 5, channels: 7), student: student.pointer,
      teacher: teacher.pointer, gradient: gradient.pointer, pool: .shared)
    expectClose([Float(loss)], try reference.floats("loss"), "loss")
    expectClose(gradient.array, reordered(try reference.floats("gradient")), "gradient")
  }

  /// Maps that are zero everywhere have a gradient of zero, not of NaN.
  @Test func nothingToAttendTo() {
    let (zeros, ones) = (FloatBuffer(count: 8), FloatBuffer([Float](repeating: 1, count: 8)))
    let gradient = FloatBuffer([Float](repeating: .nan, count: 8))
    let loss = AttentionLoss().evaluate(
      images: 1, shape: MapShape(height: 2, width: 2, channels: 2), student: zeros.pointer,
      teacher: ones.pointer, gradient: gradient.pointer, pool: .shared)
    // Each pixel of the teacher's map is a half.
    #expect(abs(loss - 0.25) < 1e-6)
    #expect(gradient.array == [Float](repeating: 0, count: 8))
  }
}
