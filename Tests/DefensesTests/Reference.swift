import Compute
import HDF5
import Images
import Networks
import SystemPackage
import Testing

/// What `Fixtures/make_comparisons.py` computed with PyTorch.
struct Reference {
  let group: HDF5.Group
  private let file: HDF5.File

  init(_ path: String) throws {
    file = try HDF5.File.open(
      at: FilePath(#filePath).removingLastComponent().appending("Fixtures").appending("comparisons.h5"))
    group = try file.root.group(path)
  }

  func floats(_ name: String) throws -> [Float] { try group.read(name) }
  func doubles(_ name: String) throws -> [Double] { try floats(name).map(Double.init) }
  func integers(_ name: String) throws -> [Int] { try group.read(name, as: Int32.self).map(Int.init) }

  /// Numbers of a network that lie one after the other, one list for each of its parameters.
  func parts(_ name: String, of network: Network) throws -> [[Float]] {
    var rest = try floats(name)[...]
    return network.parameters.map { parameter in
      defer { rest = rest.dropFirst(parameter.count) }
      return Array(rest.prefix(parameter.count))
    }
  }
}

/// The network and the images of the reference. All images are in every step, so their order does not matter.
struct ReferenceNetwork {
  static let classes = 4
  static let count = 10

  let network: Network
  let assembler: BatchAssembler

  init(_ reference: Reference, weights: String, capacity: Int = ReferenceNetwork.count) throws {
    network = Network(
      ModelDescription(
        width: 3, stem: .plain, classes: Self.classes,
        image: MapShape(height: 16, width: 16, channels: 3)
      ).plan, capacity: capacity, context: ExecutionContext())
    for (parameter, values) in zip(network.parameters, try reference.parts(weights, of: network)) {
      parameter.load(values, into: parameter.values)
    }
    let stored = try Reference("images")
    let images = try ImageSet(
      pixels: stored.integers("pixels").map(UInt8.init),
      shape: ImageShape(height: 16, width: 16, channels: 3), labels: stored.integers("labels"),
      classNames: (0..<Self.classes).map(String.init), origin: "random")
    assembler = BatchAssembler(images: images, normalization: .cifar10)
  }

  func loop(
    _ step: any TrainingStep, epochs: Int, rate: Double, mode: NetworkMode = .training,
    further: [String] = [], batch: Int = ReferenceNetwork.count
  ) -> TrainingLoop {
    TrainingLoop(
      network: network,
      passes: [
        TrainingPass(
          parts: [
            TrainingPart(
              name: "test", samples: TrainingSamples(assembler: assembler), batch: batch,
              objective: CrossEntropyObjective(further: further))
          ], schedule: .constant(rate), mode: mode)
      ], epochs: epochs, step: step, seed: 7)
  }

  func expectGradients(_ reference: Reference, _ name: String) throws {
    for (parameter, values) in zip(network.parameters, try reference.parts(name, of: network)) {
      expectClose(parameter.exported(parameter.gradient), values, "gradient of \(parameter.name)")
    }
  }

  func expectWeights(_ reference: Reference, _ name: String) throws {
    for (parameter, values) in zip(network.parameters, try reference.parts(name, of: network)) {
      expectClose(parameter.exported(parameter.values), values, parameter.name)
    }
  }
}

/// The distance of two vectors is at most a share of the length of the second.
func expectClose(
  _ found: [Float], _ expected: [Float], within tolerance: Double = 1e-4, _ what: String,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, "\(what)", sourceLocation: sourceLocation)
  var (distance, length) = (0.0, 0.0)
  for (a, b) in zip(found, expected) {
    distance += (Double(a) - Double(b)) * (Double(a) - Double(b))
    length += Double(b) * Double(b)
  }
  let share = length == 0 ? distance.squareRoot() : (distance / length).squareRoot()
  #expect(share <= tolerance, "\(what): relative distance \(share)", sourceLocation: sourceLocation)
}

/// Stops a training after some steps, and goes on with another loop from what a checkpoint would hold.
enum Interruption {
  struct Stop: Error {}

  final class Observer: TrainingObserver {
    let steps: Int
    init(after steps: Int) { self.steps = steps }
    func stepEnded(_ loop: TrainingLoop) throws { if loop.stepsDone == steps { throw Stop() } }
    func figures(afterEpoch epoch: Int, of loop: TrainingLoop) -> [(name: String, value: Double)] { [] }
    func epochEnded(_ loop: TrainingLoop) {}
  }

  /// Runs `first` for some steps and takes its state over to `second`.
  static func move(_ first: TrainingLoop, after steps: Int, to second: TrainingLoop) throws {
    #expect(throws: Stop.self) { try first.run(observer: Observer(after: steps)) }
    func buffers(_ loop: TrainingLoop) -> [FloatBuffer] {
      var buffers = loop.network.parameters.flatMap { [$0.values] + $0.state }
      buffers += loop.network.normalizations.flatMap { $0.statistics.map(\.values) }
      buffers += loop.step.tensors.map(\.values)
      return buffers
    }
    for (from, to) in zip(buffers(first), buffers(second)) {
      _ = to.elements.update(fromContentsOf: from.array)
    }
    second.step.numbers = first.step.numbers
    second.state = first.state
  }
}
