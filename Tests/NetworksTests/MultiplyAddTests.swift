import Networks
import Testing

/// Operation counts.
@Suite struct MultiplyAddTests {
  @Test func countedByHand() {
    var plan = NetworkPlan(input: MapShape(height: 8, width: 8, channels: 3))
    var x = plan.convolution(plan.input, "a", outputs: 5, kernel: 3, stride: 2, padding: 1)
    x = plan.rectifier(plan.batchNormalization(x, "b"))
    plan.tap(.logits, plan.linear(x, "c", outputs: 7))
    #expect(plan.multiplyAdds == Double(4 * 4 * 5 * 3 * 9 + 4 * 4 * 5 * 7))
  }

  /// What torchvision says of its models for images of 224 pixels, in thousand millions.
  @Test(arguments: [("resnet18", 1.814), ("vgg19-bn", 19.632), ("densenet161", 7.728)])
  func asPublished(name: String, expected: Double) throws {
    let architecture = try #require(Architectures.named(name))
    let description = ModelDescription(
      architecture: architecture, stem: .large, classes: 1000,
      image: MapShape(height: 224, width: 224, channels: 3))
    #expect(abs(description.plan.multiplyAdds / 1e9 - expected) < 0.001)
  }
}
