import Compute
import HDF5
import Networks
import Testing

/// VGG-19-BN and DenseNet-161 of small width against PyTorch in double precision.
@Suite struct ArchitectureTests {
  enum Case: String, CaseIterable {
    case vgg = "vgg19-bn"
    case compactVGG = "vgg19-bn-compact"
    case denseNet = "densenet161"
    case plainDenseNet = "densenet161-plain"

    /// Without dropout.
    func plan(width: Int, classes: Int, side: Int) -> NetworkPlan {
      let image = MapShape(height: side, width: side, channels: 3)
      switch self {
      case .vgg, .compactVGG:
        let description = ModelDescription(
          architecture: VGG19BN.self, width: width, stem: self == .vgg ? .large : .plain,
          classes: classes, image: image)
        var plan = NetworkPlan(input: image)
        let features = VGG19BN.addFeatures(to: &plan, description, dropout: 0)
        plan.tap(.features, features)
        plan.tap(.logits, plan.linear(features, "classifier.6", outputs: classes))
        return plan
      case .denseNet, .plainDenseNet:
        return ModelDescription(
          architecture: DenseNet161.self, width: width, stem: self == .denseNet ? .large : .plain,
          classes: classes, image: image
        ).plan
      }
    }
  }

  /// What the file has of some tensors: norms and samples.
  private struct Samples {
    let norms: [Float]
    let samples: [Float]
    let offsets: [Int]

    init(_ reference: Reference, _ prefix: String, of table: String) throws {
      norms = try reference.floats(prefix + "_norms")
      samples = try reference.floats(prefix + "_samples")
      offsets = try reference.integers(table + "_offsets")
    }

    /// Compares a tensor in PyTorch's order. A tensor of zeros is to be one.
    func expect(_ values: [Float], at index: Int, within tolerance: Double, _ what: String) {
      let norm = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      let expected = Double(norms[index])
      #expect(abs(norm - expected) <= tolerance * expected, "\(what): norm \(norm), not \(expected)")
      let range = offsets[index]..<offsets[index + 1]
      let found = range.indices.map { values[($0 - range.lowerBound) * values.count / range.count] }
      // Single elements are exact to the scale of all of them.
      let scale = expected / Double(values.count).squareRoot()
      for (a, b) in zip(found, samples[range]) {
        #expect(
          abs(Double(a) - Double(b)) <= 10 * tolerance * max(scale, abs(Double(b))),
          "\(what): \(a), not \(b)")
      }
    }
  }

  @Test(arguments: Case.allCases) func agreesWithPyTorch(_ network: Case) throws {
    let reference = try Reference("network/" + network.rawValue, in: "architectures.h5")
    func attribute(_ name: String) throws -> Int { try reference.group.attribute(name) }
    let (batch, side, classes) = (
      try attribute("batch"), try attribute("side"), try attribute("classes")
    )
    let stream = try attribute("first_image_stream")
    let plan = network.plan(width: try attribute("width"), classes: classes, side: side)
    let network = Network(plan, capacity: batch, context: ExecutionContext())
    #expect(network.parameters.map(\.name) == (try reference.group.readStrings("parameter_names")))
    #expect(plan.parameterCount == network.parameters.reduce(0) { $0 + $1.count })
    let shapes = network.parameters.map { ($0.name, $0.storedShape) }
      + network.normalizations.flatMap(\.statistics).map { ($0.name, [$0.values.count]) }
    #expect(plan.storedShapes == Dictionary(uniqueKeysWithValues: shapes))
    HashedNumbers.fill(network)

    let gradients = network.gradientPass(from: [.logits])
    let descent = StochasticGradientDescent(
      momentum: try reference.group.attribute("momentum"),
      weightDecay: try reference.group.attribute("weight_decay"))
    func load(step: Int) -> [Int32] {
      let images = HashedNumbers.values(stream + step, count: network.input.count, bound: 1.7)
      _ = network.input.elements.update(
        fromContentsOf: reordered(images, shape: [batch, 3, side, side]))
      return HashedNumbers.labels(step: step, count: batch, classes: classes)
    }
    func evaluate(_ labels: [Int32], factor: Double = 1) -> Double {
      CrossEntropy(factor: factor).evaluate(
        rows: batch, classes: classes, logits: network.logits.pointer, labels: labels,
        gradient: network.logitsGradient.pointer
      ).lossSum
    }
    let losses = try reference.floats("losses")
    let initial = network.parameters.map(\.values.array)
    for step in 0..<losses.count {
      let labels = load(step: step)
      network.forward(images: batch, mode: .training)
      if step == 0 {
        expectClose(network.logits.array, try reference.floats("logits"), within: 1e-4, "logits")
      }
      let loss = evaluate(labels) / Double(batch)
      #expect(abs(loss - Double(losses[step])) <= 1e-4 * loss, "loss of step \(step)")
      network.backward(images: batch, gradients)
      if step == 0 {
        let expected = try Samples(reference, "gradient", of: "parameter")
        for (index, parameter) in network.parameters.enumerated() {
          expected.expect(
            parameter.exported(parameter.gradient), at: index, within: 1e-4,
            "gradient of \(parameter.name)")
        }
      }
      descent.step(
        gradients.parameters, rate: try reference.group.attribute("rate"), pool: network.context.pool)
    }
    // How far the parameters went. The steps are small beside the parameters, whose own norms say little
    // about them.
    for (index, change) in try reference.floats("change_norms").enumerated() {
      let parameter = network.parameters[index]
      let distance = zip(parameter.values.array, initial[index])
        .reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }.squareRoot()
      #expect(
        abs(distance - Double(change)) <= 2e-4 * Double(change),
        "change of \(parameter.name): \(distance), not \(change)")
    }
    let final = try Samples(reference, "final", of: "parameter")
    for (index, parameter) in network.parameters.enumerated() {
      final.expect(
        parameter.exported(parameter.values), at: index, within: 1e-4, "final \(parameter.name)")
    }
    let statistics = network.normalizations.flatMap(\.statistics)
    #expect(statistics.map(\.name) == (try reference.group.readStrings("statistic_names")))
    let expected = try Samples(reference, "statistic", of: "statistic")
    for (index, statistic) in statistics.enumerated() {
      expected.expect(statistic.values.array, at: index, within: 1e-4, statistic.name)
    }

    // In evaluation mode, down to the input.
    let labels = load(step: 0)
    network.forward(images: batch, mode: .evaluation)
    expectClose(
      network.logits.array, try reference.floats("evaluated_logits"), within: 1e-4, "evaluated logits")
    expectClose(
      network.features.array, try reference.floats("evaluated_features"), within: 1e-4, "features")
    for parameter in network.parameters { parameter.isFrozen = true }
    let toInput = network.gradientPass(from: [.logits], toInput: true)
    #expect(toInput.parameters.isEmpty)
    network.forward(images: batch, mode: .differentiableEvaluation)
    expectClose(
      network.logits.array, try reference.floats("evaluated_logits"), within: 1e-4, "logits")
    _ = evaluate(labels, factor: Double(batch))
    network.backward(images: batch, toInput)
    let first = try reference.channelsLast("input_gradient")
    expectClose(
      Array(network.inputGradient.array[..<first.count]), first, within: 1e-3, "input gradient")
    let norms = try reference.floats("input_gradient_norms")
    let size = network.input.count / batch
    for image in 0..<batch {
      let square = network.inputGradient.array[(image * size)..<((image + 1) * size)]
        .reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(abs(square.squareRoot() - Double(norms[image])) <= 1e-3 * Double(norms[image]))
    }
  }

  /// At the published widths, for ten classes.
  @Test(arguments: [("resnet18", 11_173_962), ("vgg19-bn", 139_622_218), ("densenet161", 26_494_090)])
  func parametersOfThePublishedNetworks(name: String, count: Int) throws {
    let architecture = try #require(Architectures.named(name))
    let description = ModelDescription(
      architecture: architecture, classes: 10, image: MapShape(height: 224, width: 224, channels: 3))
    #expect(description.plan.parameterCount == count)
  }

  /// The same bits for any number of threads, dropout included.
  @Test(arguments: ["vgg19-bn", "densenet161"]) func threadsDoNotMatter(name: String) throws {
    let architecture = try #require(Architectures.named(name))
    func weightsAfterTwoSteps(threads: Int) -> [[Float]] {
      let description = ModelDescription(
        architecture: architecture, width: 8, stem: .plain, classes: 10,
        image: MapShape(height: 32, width: 32, channels: 3))
      let network = Network(
        description.plan, capacity: 12,
        context: ExecutionContext(pool: WorkerPool(threads: threads)))
      network.initialize(seed: 5)
      let pass = network.gradientPass(from: [.logits])
      for step in 0..<2 {
        let images = HashedNumbers.values(step, count: network.input.count, bound: 1.7)
        _ = network.input.elements.update(fromContentsOf: images)
        network.forward(images: 12, ForwardPass(mode: .training, seed: 3, step: step))
        _ = CrossEntropy().evaluate(
          rows: 12, classes: 10, logits: network.logits.pointer,
          labels: HashedNumbers.labels(step: step, count: 12, classes: 10),
          gradient: network.logitsGradient.pointer)
        network.backward(images: 12, pass)
        StochasticGradientDescent().step(pass.parameters, rate: 0.1, pool: network.context.pool)
      }
      return network.parameters.map(\.values.array)
    }
    let expected = weightsAfterTwoSteps(threads: 1)
    for threads in [2, 3, 16] { #expect(weightsAfterTwoSteps(threads: threads) == expected) }
    #expect(expected.joined().allSatisfy { $0.isFinite })
  }
}
