import Compute
import Foundation
import HDF5
import Images
import Networks
import Testing

@Suite struct ContrastiveNetworkTests {
  /// Embeddings, loss, all gradients and two steps against PyTorch.
  @Test(arguments: [Stem.plain, .strided])
  func agreesWithPyTorch(stem: Stem) throws {
    let reference = try Reference("network/\(stem.rawValue)", in: "contrastive.h5")
    let shape = try reference.group.dataset("images").shape
    let views = shape[1]
    let images = try reference.floats("images")
    let network = Network(
      contrastive:       resnet18(
        width: try reference.integers("width")[0], stem: stem, classes: 2, height: shape[3],
        imageWidth: shape[4]),
      capacity: views, context: ExecutionContext())
    let names: [String] = try reference.group.attribute("names")
    let ours = network.parameters.map {
      $0.name.hasPrefix("head.") ? $0.name : "encoder." + $0.name.replacing("downsample", with: "shortcut")
    }
    #expect(ours == names)
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
    let relation = groups(
      "paper", labels: try reference.integers("labels"),
      isClean: try reference.integers("clean").map { $0 == 1 })
    let workspace = ContrastiveLoss.Workspace(samples: views / 2)
    let descent = StochasticGradientDescent(momentum: 0.9, weightDecay: 1e-3)
    for step in 0..<2 {
      let size = shape[2] * shape[3] * shape[4] * views
      _ = network.input.elements.update(
        fromContentsOf: reordered(
          Array(images[(step * size)..<((step + 1) * size)]), shape: Array(shape[1...])))
      network.forward(images: views, mode: .training)
      let loss = ContrastiveLoss().evaluate(
        length: network.output(.embeddings).length, embeddings: network.output(.embeddings).values.pointer, groups: relation,
        members: Array(0..<(views / 2))[...], workspace: workspace,
        gradient: network.output(.embeddings).gradient.pointer, pool: network.context.pool)
      let trained = network.backward(images: views, from: .embeddings)
      if step == 0 {
        expectClose(
          network.output(.embeddings).values.array, try reference.floats("embeddings"), within: 1e-4, "embeddings")
        expectClose([Float(loss)], try reference.floats("loss"), within: 1e-5, "loss")
        for (parameter, expected) in zip(network.parameters, try parts("gradient")) {
          expectClose(
            parameter.exported(parameter.gradient), expected, within: 1e-3,
            "gradient of \(parameter.name)")
        }
      }
      descent.step(trained, rate: 0.02, pool: network.context.pool)
    }
    for (parameter, expected) in zip(network.parameters, try parts("final")) {
      expectClose(
        parameter.exported(parameter.values), expected, within: 1e-4, "final \(parameter.name)")
    }
  }

  func imageSet(_ count: Int) throws -> ImageSet {
    var stream = RandomStream(seed: 1, purpose: RandomPurpose("test"))
    let shape = ImageShape(height: 8, width: 8, channels: 3)
    return try ImageSet(
      pixels: (0..<(count * shape.count)).map { _ in UInt8(stream.integer(below: 256)) }, shape: shape,
      labels: (0..<count).map { $0 % 3 }, classNames: ["a", "b", "c"], origin: "test")
  }

  func configuration(_ images: ImageSet) -> ModelDescription {
    resnet18(
      width: 4, stem: .plain, classes: 3, height: images.shape.height, imageWidth: images.shape.width)
  }

  /// Stops a training after some steps.
  final class Stopper: TrainingObserver {
    struct Stop: Error {}
    let steps: Int
    init(after steps: Int) { self.steps = steps }
    func stepEnded(_ loop: TrainingLoop) throws { if loop.stepsDone == steps { throw Stop() } }
    func figures(afterEpoch epoch: Int, of loop: TrainingLoop) -> [(name: String, value: Double)] { [] }
    func epochEnded(_ loop: TrainingLoop) {}
  }

  /// A loop that is interrupted at any step and goes on in a new one ends with the same bits.
  @Test func resumesExactly() throws {
    let images = try imageSet(21)
    func loop() -> (TrainingLoop, Network) {
      let network = Network(
      contrastive:         configuration(images), capacity: 16, context: ExecutionContext())
      network.initialize(seed: 3)
      let relation = groups("code", labels: images.labels, isClean: (0..<21).map { $0 % 4 != 0 })
      let pass = TrainingPass(
        parts: [
          TrainingPart(
            name: "contrastive",
            samples: TrainingSamples(
              assembler: BatchAssembler(images: images, normalization: .cifar10),
              augmentation: .contrastive, views: 2),
            batch: 8, objective: ContrastiveObjective(ContrastiveLoss(), groups: relation))
        ],
        schedule: .warmedCosine(peak: 0.1, floor: 1e-4, epochs: 3, warmup: 1, start: 0.01))
      #expect(pass.largestBatch == 16 && pass.steps == 3)
      return (
        TrainingLoop(
          network: network, passes: [pass], epochs: 3,
          step: GradientStep(StochasticGradientDescent(weightDecay: 1e-4)), seed: 4),
        network
      )
    }
    let (whole, expected) = loop()
    try whole.run(observer: nil)
    #expect(whole.state.history.rowCount == 3)
    #expect(whole.state.history["contrastive_loss"]?.allSatisfy { $0.isFinite && $0 > 0 } == true)
    for stop in 1..<9 {
      let (first, network) = loop()
      #expect(throws: Stopper.Stop.self) { try first.run(observer: Stopper(after: stop)) }
      let (second, resumed) = loop()
      let text = try JSONEncoder().encode(first.state)
      second.state = try JSONDecoder().decode(TrainingState.self, from: text)
      for (from, to) in zip(network.parameters, resumed.parameters) {
        to.values.pointer.update(from: from.values.pointer, count: from.count)
        for (a, b) in zip(from.state, to.state) {
          b.pointer.update(from: a.pointer, count: a.count)
        }
      }
      for (from, to) in zip(network.normalizations, resumed.normalizations) {
        for (a, b) in zip(from.statistics, to.statistics) {
          b.1.pointer.update(from: a.1.pointer, count: a.1.count)
        }
        to.batchesTracked = from.batchesTracked
      }
      try second.run(observer: nil)
      #expect(second.state == whole.state)
      for (a, b) in zip(resumed.parameters, expected.parameters) {
        #expect(a.values.array == b.values.array, "\(a.name), stopped after \(stop)")
      }
    }
  }

  /// On a frozen encoder the classifier alone learns; with the scale in its weights it is the same function.
  @Test func classifier() throws {
    let images = try imageSet(12)
    let description = configuration(images)
    let network = Network(description.scaledPlan, capacity: 12, context: ExecutionContext())
    network.initialize(seed: 5)
    let encoder = network.parameters.filter { !description.isInClassifier($0.name) }
    for parameter in encoder { parameter.isFrozen = true }
    let before = encoder.map(\.values.array)
    let assembler = BatchAssembler(images: images, normalization: .cifar10)
    let all = Array(0..<12)
    let scale: Float = 0.25
    network.setScale(ModelDescription.featureScale, to: scale)
    let pass = TrainingPass(
      parts: [
        TrainingPart(
          name: "classifier", samples: TrainingSamples(assembler: assembler), batch: 5,
          objective: MixedCrossEntropyObjective(
            MixedCrossEntropy(poisonedWeight: 0.01), isPoisoned: all.map { $0 >= 10 }))
      ], schedule: .constant(1), mode: .evaluation)
    let loop = TrainingLoop(
      network: network, passes: [pass], epochs: 60,
      step: GradientStep(StochasticGradientDescent(weightDecay: 0)), seed: 1)
    try loop.run(observer: nil)
    let losses = try #require(loop.state.history["classifier_loss"])
    #expect(losses[59] < losses[0] / 2)
    #expect(loop.state.history["classifier_poisoned_loss"]?.count == 60)
    #expect(encoder.map(\.values.array) == before)
    #expect(encoder.allSatisfy { $0.gradient.count == 0 && $0.state.isEmpty }, "no memory for them")

    assembler.assemble(all[...], into: network.input.pointer)
    network.forward(images: 12, mode: .evaluation)
    let plain = Network(description, capacity: 12, context: ExecutionContext())
    for (own, other) in zip(network.parameters, plain.parameters) {
      let factor = own.name == "fc.weight" ? scale : 1
      for index in 0..<own.count { other.values.pointer[index] = own.values.pointer[index] * factor }
    }
    assembler.assemble(all[...], into: plain.input.pointer)
    plain.forward(images: 12, mode: .evaluation)
    expectClose(plain.logits.array, network.logits.array, within: 1e-5, "logits")
  }
}
