import Networks
import Testing

@Suite struct InferenceTests {
  private static func fixture() throws -> (network: Network, fixture: TrainingFixture) {
    let fixture = try TrainingFixture(count: 20)
    let network = Network(
      resnet18(
        width: 2, stem: .maxPooling, classes: TrainingFixture.classes, height: 8, imageWidth: 8),
      capacity: 6, context: ExecutionContext())
    network.initialize(seed: 3)
    return (network, fixture)
  }

  /// The class of the largest logit, over several batches and for some of the images.
  @Test func predictsTheLargestLogit() throws {
    let (network, fixture) = try Self.fixture()
    // Logits around zero, so that the images differ.
    let bias = try #require(network.parameters.first { $0.name == "fc.bias" })
    let classes = TrainingFixture.classes
    Inference.run(network, over: Array(0..<6), of: fixture.assembler) { range, _, logits in
      for row in 0..<range.count {
        for k in 0..<classes { bias.values.pointer[k] -= logits[row * classes + k] / 6 }
      }
    }
    let indices = [19, 3, 4, 0, 7, 7, 12, 1]
    var expected: [Int] = []
    Inference.run(network, over: indices, of: fixture.assembler) { range, _, logits in
      for row in 0..<range.count {
        let line = (0..<classes).map { logits[row * classes + $0] }
        expected.append(line.firstIndex(of: line.max() ?? 0) ?? -1)
      }
    }
    #expect(Set(expected).count > 1)
    #expect(try Inference.predictions(of: network, over: indices, of: fixture.assembler) == expected)
  }

  /// NaN is not the first class, which is usually the attacker's target.
  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func brokenWeightsPredictNothing(_ value: Float) throws {
    let (network, fixture) = try Self.fixture()
    let bias = try #require(network.parameters.first { $0.name == "fc.bias" })
    bias.values.pointer[2] = value
    let label = fixture.assembler.images.labels[5]
    #expect(throws: InferenceError.notFinite(image: 5, label: label)) {
      try Inference.predictions(of: network, over: [5, 6, 7], of: fixture.assembler)
    }
    #expect("\(InferenceError.notFinite(image: 5, label: 1))".contains("NaN or infinite"))
  }

  /// In training, too, NaN among the logits is no success, whatever the label.
  @Test func crossEntropyDoesNotCountNaN() {
    let logits: [Float] = [.nan, 1, 2, 3, .nan, 1, 9, 0, 0]
    let result = CrossEntropy().evaluate(
      rows: 3, classes: 3, logits: logits, labels: [0, 0, 0], gradient: nil)
    #expect(result.correct == 1)
    #expect(result.lossSum.isNaN)
  }
}
