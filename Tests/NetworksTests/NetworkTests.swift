import Compute
import Networks
import Testing

/// What a network does with its plan: several taps, frozen parts, dropout, places in concatenations.
@Suite struct NetworkTests {
  private let description = ModelDescription(
    width: 4, stem: .maxPooling, classes: 5, image: MapShape(height: 16, width: 16, channels: 3))

  /// A network with an input, after a forward pass.
  private func network(
    _ plan: NetworkPlan, images: Int = 6, freezing isFrozen: (String) -> Bool = { _ in false }
  ) -> Network {
    let network = Network(plan, capacity: images, context: ExecutionContext())
    network.initialize(seed: 7)
    for parameter in network.parameters { parameter.isFrozen = isFrozen(parameter.name) }
    let values = HashedNumbers.values(1, count: network.input.count, bound: 1.5)
    _ = network.input.elements.update(fromContentsOf: values)
    network.forward(images: images, mode: .training)
    return network
  }

  private func fillGradient(of tap: Tap, _ network: Network) {
    let output = network.output(tap)
    let values = HashedNumbers.values(tap.rawValue.count, count: output.values.count, bound: 1)
    _ = output.gradient.elements.update(fromContentsOf: values)
  }

  /// Gradients by parameter, for losses at some taps.
  private func gradients(from taps: Set<Tap>) -> [String: [Float]] {
    let network = network(description.plan)
    let pass = network.gradientPass(from: taps)
    for tap in taps { fillGradient(of: tap, network) }
    network.backward(images: 6, pass)
    return Dictionary(
      uniqueKeysWithValues: pass.parameters.map { ($0.name, $0.exported($0.gradient)) })
  }

  /// Losses at several places at once, the inner ones of maps: the sum of what each gives alone.
  @Test func lossesAtSeveralTapsAddUp() {
    let taps: [Tap] = [.logits, .features, "layer3", "layer1"]
    let together = gradients(from: Set(taps))
    let alone = taps.map { gradients(from: [$0]) }
    #expect(together.count == 62)
    #expect(alone.map(\.count) == [62, 60, 45, 15], "only what comes before the tap")
    for (name, found) in together {
      var sum = [Float](repeating: 0, count: found.count)
      for gradient in alone.compactMap({ $0[name] }) {
        for index in sum.indices { sum[index] += gradient[index] }
      }
      expectClose(found, sum, within: 1e-4, name)
    }
  }

  /// Two parts of a batch that are trained at different outputs: each gets its own gradient alone.
  @Test func partsWithDifferentOutputs() throws {
    let fixture = try TrainingFixture(count: 24)
    let samples = fixture.samples(0..<12, augmentation: .none)
    func trained(_ parts: [TrainingPart]) throws -> [[Float]] {
      let loop = fixture.loop(
        [TrainingPass(parts: parts, schedule: .constant(0.05), mode: .differentiableEvaluation)],
        epochs: 1)
      let observer = TestObserver()
      struct Stop: Error {}
      observer.afterStep = { _ in throw Stop() }
      #expect(throws: Stop.self) { try loop.run(observer: observer) }
      return loop.network.parameters.map(\.gradient.array)
    }
    let first = fixture.part("first", samples, batch: 6)
    let others = fixture.samples(12..<24, augmentation: .none)
    let second = fixture.part("second", others, batch: 6, IntraClassObjective())
    let both = try trained([first, second])
    let features = try trained([fixture.part("second", others, batch: 6, IntraClassObjective())])
    let logits = try trained([first])
    // With running statistics, samples have nothing to do with each other.
    for index in both.indices where !features[index].isEmpty {
      // The second part of a pass draws its order from another stream, but all its samples are of one set.
      #expect(both[index] != logits[index], "the second part counts")
    }
    #expect(both.last == logits.last, "the linear layer learns from the first part alone")
  }

  @Test func frozenParametersHaveNoGradient() {
    let isFrozen: (String) -> Bool = { $0.hasPrefix("conv1") || $0.hasPrefix("bn1") || $0.hasPrefix("layer1") }
    let network = network(description.plan, freezing: isFrozen)
    let pass = network.gradientPass(from: [.logits])
    #expect(!pass.parameters.contains { isFrozen($0.name) })
    #expect(pass.parameters.count == 62 - 15)
    fillGradient(of: .logits, network)
    network.backward(images: 6, pass)
    let whole = gradients(from: [.logits])
    for parameter in network.parameters {
      if isFrozen(parameter.name) {
        #expect(parameter.gradient.count == 0)
      } else {
        #expect(parameter.exported(parameter.gradient) == whole[parameter.name], "\(parameter.name)")
      }
    }
  }

  @Test func dropout() {
    var plan = NetworkPlan(input: MapShape(vector: 1000))
    plan.tap("result", plan.dropout(plan.input, rate: 0.3))
    let network = Network(plan, capacity: 20, context: ExecutionContext())
    network.input.fill(with: 1)
    func values(_ pass: ForwardPass) -> [Float] {
      network.forward(images: 20, pass)
      return network.output("result").values.array
    }
    let first = values(ForwardPass(mode: .training, seed: 1, step: 5))
    let dropped = Double(first.count { $0 == 0 }) / Double(first.count)
    #expect(abs(dropped - 0.3) < 0.02)
    #expect(Set(first) == [0, Float(1 / 0.7)])
    #expect(values(ForwardPass(mode: .training, seed: 1, step: 6)) != first)
    #expect(values(ForwardPass(mode: .training, seed: 2, step: 5)) != first)
    #expect(values(ForwardPass(mode: .evaluation, seed: 1, step: 5)).allSatisfy { $0 == 1 })
    #expect(values(ForwardPass(mode: .training, seed: 1, step: 5)) == first)

    let pass = network.gradientPass(from: ["result"], toInput: true)
    network.output("result").gradient.fill(with: 2)
    network.backward(images: 20, pass)
    #expect(network.inputGradient.array == first.map { 2 * $0 })
  }

  /// An encoder and decoder with a skip that is read by a convolution too, so that it is copied into the
  /// concatenation, and one value that is concatenated twice: gradients against differences.
  @Test func skipsAndCopies() {
    var plan = NetworkPlan(input: MapShape(height: 6, width: 4, channels: 2))
    let skip = plan.sigmoid(
      plan.convolution(plan.input, "a", outputs: 3, kernel: 3, padding: 1, hasBias: true))
    var x = plan.averagePooling(skip, kernel: 2, stride: 2)
    x = plan.sigmoid(plan.convolution(x, "b", outputs: 5, kernel: 3, padding: 1))
    let up = plan.upsampling(x, factor: 2)
    x = plan.concatenation([up, skip, plan.input, skip])
    x = plan.convolution(x, "c", outputs: 4, kernel: 3, padding: 1)
    plan.tap("result", plan.sum(x, plan.convolution(skip, "d", outputs: 4, kernel: 1)))
    let network = network(plan, images: 2)
    let pass = network.gradientPass(from: ["result"], toInput: true)
    fillGradient(of: "result", network)
    let weights = network.output("result").gradient.array.map(Double.init)
    network.backward(images: 2, pass)
    func loss() -> Double {
      network.forward(images: 2, mode: .training)
      return zip(network.output("result").values.array, weights).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
    func expectSlope(
      _ found: Float, at pointer: UnsafeMutablePointer<Float>, _ what: String
    ) {
      let (value, step) = (pointer.pointee, Float(1e-2))
      pointer.pointee = value + step
      let up = loss()
      pointer.pointee = value - step
      let difference = (up - loss()) / Double(2 * step)
      pointer.pointee = value
      #expect(abs(Double(found) - difference) <= 2e-3 * max(1, abs(difference)), "\(what)")
    }
    let toInput = network.inputGradient.array
    for index in toInput.indices {
      expectSlope(toInput[index], at: network.input.pointer + index, "input \(index)")
    }
    for parameter in network.parameters {
      let gradient = parameter.gradient.array
      for index in gradient.indices {
        expectSlope(
          gradient[index], at: parameter.values.pointer + index, "\(parameter.name) \(index)")
      }
    }
  }

  /// Memory grows with the batch, and training needs more than evaluating.
  @Test func memoryIsKnownBeforehand() {
    let plan = ModelDescription(width: 64, stem: .plain, classes: 10).plan
    let evaluating = plan.memory(capacity: 128)
    let training = plan.memory(capacity: 128, trainingAt: [.logits])
    #expect(evaluating > 4 * Double(plan.parameterCount))
    // Values before and after normalisation, of which the first stage has 4 · 2 maps of 32·32·64.
    #expect(training > 4 * 128 * 8 * 65_536 + 4 * 3 * Double(plan.parameterCount))
    #expect(training < 1e9)
    #expect(plan.memory(capacity: 256, trainingAt: [.logits]) > 1.9 * training - 2e8)
  }
}
