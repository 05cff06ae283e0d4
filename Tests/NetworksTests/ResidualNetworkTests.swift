import Compute
import HDF5
import Networks
import Testing

@Suite struct ResidualNetworkTests {
  /// Logits, all gradients, three steps, running statistics and an evaluation against PyTorch.
  @Test(arguments: [Stem.maxPooling, .plain, .large])
  func agreesWithPyTorch(stem: Stem) throws {
    let reference = try Reference("network/\(stem.rawValue)")
    let shape = try reference.group.dataset("images").shape
    let batch = shape[1]
    let images = try reference.floats("images")
    let labels = try reference.integers("labels").map(Int32.init)
    let network = Network(
      resnet18(
        width: try reference.integers("width")[0], stem: stem, classes: 7, height: shape[3],
        imageWidth: shape[4]),
      capacity: batch, context: ExecutionContext())
    let names: [String] = try reference.group.attribute("names")
    #expect(network.parameters.map(\.name) == names)
    func parts(_ name: String) throws -> [[Float]] {
      var rest = try reference.floats(name)[...]
      return network.parameters.map { parameter in
        defer { rest = rest.dropFirst(parameter.count) }
        return Array(rest.prefix(parameter.count))
      }
    }
    for (parameter, values) in zip(network.parameters, try parts("initial")) {
      parameter.load(values, into: parameter.values)
    }
    func load(_ step: Int) {
      let size = shape[2] * shape[3] * shape[4] * batch
      _ = network.input.elements.update(
        fromContentsOf: reordered(
          Array(images[(step * size)..<((step + 1) * size)]), shape: Array(shape[1...])))
    }
    let descent = StochasticGradientDescent(momentum: 0.9, weightDecay: 5e-3)
    for step in 0..<3 {
      load(step)
      network.forward(images: batch, mode: .training)
      let given = Array(labels[(step * batch)..<((step + 1) * batch)])
      if step < 2 {
        let result = CrossEntropy().evaluate(
          rows: batch, classes: 7, logits: network.logits.pointer, labels: given,
          gradient: network.logitsGradient.pointer)
        if step == 0 {
          expectClose(network.logits.array, try reference.floats("logits"), within: 1e-5, "logits")
          expectClose(
            [Float(result.lossSum / Double(batch))], try reference.floats("loss"), within: 1e-5,
            "loss")
        }
        network.backward(images: batch, from: .logits)
      } else {
        _ = IntraClassLoss().evaluate(
          rows: batch, length: network.featureCount,
          features: network.features.pointer, labels: given,
          workspace: IntraClassLoss.Workspace(
            classes: 7, length: network.featureCount),
          gradient: network.featuresGradient.pointer)
        network.backward(images: batch, from: .features)
      }
      if step == 0 {
        for (parameter, expected) in zip(network.parameters, try parts("gradient")) {
          expectClose(
            parameter.exported(parameter.gradient), expected, within: 1e-4,
            "gradient of \(parameter.name)")
        }
      }
      let updated = step < 2 ? network.parameters : network.parameters.filter { !$0.name.hasPrefix("fc.") }
      descent.step(updated, rate: 0.02, pool: network.context.pool)
    }
    for (parameter, expected) in zip(network.parameters, try parts("final")) {
      expectClose(
        parameter.exported(parameter.values), expected, within: 1e-4, "final \(parameter.name)")
    }

    var statistics = try reference.floats("final_statistics")[...]
    for normalization in network.normalizations {
      for (name, values) in normalization.statistics {
        expectClose(values.array, Array(statistics.prefix(values.count)), within: 1e-4, name)
        statistics = statistics.dropFirst(values.count)
      }
      #expect(statistics.popFirst() == Float(normalization.batchesTracked))
    }

    load(0)
    network.forward(images: batch, mode: .evaluation)
    expectClose(
      network.features.array, try reference.floats("evaluated_features"), within: 1e-4, "features")
    expectClose(
      network.logits.array, try reference.floats("evaluated_logits"), within: 1e-4, "logits")
  }

  /// The same bits for any number of threads.
  @Test func threadsDoNotMatter() {
    func weightsAfterTwoSteps(threads: Int) -> [[Float]] {
      let network = Network(
        resnet18(width: 16, stem: .maxPooling, classes: 10), capacity: 24,
        context: ExecutionContext(pool: WorkerPool(threads: threads)))
      network.initialize(seed: 5)
      var stream = RandomStream(seed: 9, purpose: RandomPurpose("test"))
      let labels = (0..<24).map { Int32($0 % 10) }
      for _ in 0..<2 {
        for index in 0..<network.input.count {
          network.input.pointer[index] = Float(stream.normal())
        }
        network.forward(images: 24, mode: .training)
        _ = CrossEntropy().evaluate(
          rows: 24, classes: 10, logits: network.logits.pointer, labels: labels,
          gradient: network.logitsGradient.pointer)
        network.backward(images: 24, from: .logits)
        StochasticGradientDescent().step(network.parameters, rate: 0.1, pool: network.context.pool)
      }
      return network.parameters.map(\.values.array)
    }
    let expected = weightsAfterTwoSteps(threads: 1)
    for threads in [2, 3, 16] { #expect(weightsAfterTwoSteps(threads: threads) == expected) }
    #expect(expected.joined().allSatisfy { $0.isFinite })
  }
}
