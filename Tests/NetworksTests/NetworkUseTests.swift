import Compute
import Networks
import Testing

/// A network that is made for inference computes what one for training does in evaluation mode, to the bit, in
/// less memory.
@Suite struct NetworkUseTests {
  enum Case: String, CaseIterable {
    case residual, residualWithPooling, vgg, denseNet, scaled

    var plan: NetworkPlan {
      func description(
        _ architecture: any Architecture.Type, width: Int, _ stem: Stem, side: Int = 32
      ) -> ModelDescription {
        ModelDescription(
          architecture: architecture, width: width, stem: stem, classes: 7,
          image: MapShape(height: side, width: side, channels: 3))
      }
      switch self {
      case .residual: return description(ResNet18.self, width: 16, .plain).plan
      case .residualWithPooling: return description(ResNet18.self, width: 6, .maxPooling).plan
      case .vgg: return description(VGG19BN.self, width: 8, .plain).plan
      case .denseNet: return description(DenseNet161.self, width: 12, .plain).plan
      case .scaled: return description(ResNet18.self, width: 8, .strided).scaledPlan
      }
    }
  }

  private static func network(
    _ plan: NetworkPlan, for use: NetworkUse, keeping taps: Set<Tap> = NetworkUse.usualTaps,
    convolutions: ConvolutionChoice = .byShape
  ) -> Network {
    let network = Network(
      plan, capacity: 9, context: ExecutionContext(pool: WorkerPool(threads: 2), convolutions: convolutions),
      for: use, keeping: taps)
    network.initialize(seed: 5)
    var stream = RandomStream(seed: 6, purpose: RandomPurpose("statistics"))
    for normalization in network.normalizations {
      for c in 0..<normalization.channels {
        normalization.runningMean.pointer[c] = Float(stream.normal())
        normalization.runningVariance.pointer[c] = 1 + Float(stream.uniform())
      }
    }
    return network
  }

  private static func fill(_ network: Network, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: RandomPurpose("pixels"))
    for index in 0..<network.input.count { network.input.pointer[index] = Float(stream.normal()) }
  }

  @Test(arguments: Case.allCases, [ConvolutionChoice.byShape, .direct])
  func inferenceComputesTheSame(_ test: Case, _ convolutions: ConvolutionChoice) {
    let training = Self.network(test.plan, for: .training, convolutions: convolutions)
    let inference = Self.network(test.plan, for: .inference, convolutions: convolutions)
    // What an earlier batch left in shared memory must not show.
    for index in 0..<inference.input.count { inference.input.pointer[index] = .nan }
    inference.forward(images: 9, mode: .evaluation)
    for (images, seed) in [(9, UInt64(1)), (4, 2), (1, 3)] {
      for network in [training, inference] {
        Self.fill(network, seed: seed)
        network.forward(images: images, mode: .evaluation)
      }
      for tap in [Tap.features, .logits] {
        let (expected, found) = (training.output(tap), inference.output(tap))
        let count = images * expected.length
        #expect(Array(found.values.array[0..<count]) == Array(expected.values.array[0..<count]))
        #expect(found.values.array[0..<count].allSatisfy { $0.isFinite })
        #expect(Set(found.values.array[0..<count]).count > images)
      }
    }
  }

  /// Maps are kept where they are asked for.
  @Test func tapsInsideAreKeptWhenAskedFor() {
    let plan = ModelDescription(width: 4, stem: .plain, classes: 7).plan
    let training = Self.network(plan, for: .training)
    let inference = Self.network(plan, for: .inference, keeping: ["layer1", "layer3"])
    for network in [training, inference] {
      Self.fill(network, seed: 8)
      network.forward(images: 9, mode: .evaluation)
    }
    for tap in ["layer1", "layer3"] as [Tap] {
      #expect(inference.output(tap).values.array == training.output(tap).values.array)
      #expect(training.output(tap).values.array.contains { $0 != 0 })
    }
  }

  /// The head of a frozen network can be trained.
  @Test func classifierOnFrozenFeaturesHasTheSameGradient() {
    let networks = [NetworkUse.training, .inference].map { Self.network(Case.scaled.plan, for: $0) }
    let gradients = networks.map { network -> [Float] in
      for parameter in network.parameters where !parameter.name.hasPrefix("fc.") { parameter.isFrozen = true }
      network.setScale(ModelDescription.featureScale, to: 0.5)
      Self.fill(network, seed: 4)
      let pass = network.gradientPass(from: [.logits])
      network.forward(images: 9, mode: .evaluation)
      let output = network.output(.logits)
      _ = CrossEntropy().evaluate(
        rows: 9, classes: output.length, logits: output.values.pointer, labels: (0..<9).map { $0 % 7 },
        gradient: output.gradient.pointer)
      network.backward(images: 9, pass)
      return pass.parameters.flatMap { $0.gradient.array }
    }
    #expect(gradients[0].contains { $0 != 0 })
    #expect(gradients[0] == gradients[1])
  }

  /// Three maps of a residual block at a time, and one on its way into its place.
  @Test func inferenceTakesAsMuchAsItsWidestBlock() {
    let plan = ModelDescription(width: 64, stem: .plain, classes: 10).plan
    let map = 4.0 * 128 * 32 * 32 * 64
    let values = plan.memory(capacity: 128) - 4 * Double(plan.parameterCount)
    #expect(values > 4 * map && values < 4.1 * map, "\(values / map) maps")
  }
}
