import Compute
import Foundation
import Images
import Networks

/// A tiny network and images that it can learn: class k is bright in a place of its own.
struct TrainingFixture {
  static let classes = 4

  let assembler: BatchAssembler

  init(count: Int, side: Int = 8, seed: UInt64 = 1) throws {
    var stream = RandomStream(seed: seed, purpose: RandomPurpose("test images"))
    let labels = (0..<count).map { _ in stream.integer(below: Self.classes) }
    var pixels: [UInt8] = []
    for label in labels {
      for row in 0..<side {
        for column in 0..<side {
          let isBright = 2 * row / side == label / 2 && 2 * column / side == label % 2
          for _ in 0..<3 { pixels.append(UInt8((isBright ? 150 : 0) + stream.integer(below: 100))) }
        }
      }
    }
    let images = try ImageSet(
      pixels: pixels, shape: ImageShape(height: side, width: side, channels: 3), labels: labels,
      classNames: (0..<Self.classes).map(String.init), origin: "test")
    assembler = BatchAssembler(images: images, normalization: Normalization(measuredFrom: images))
  }

  func samples(
    _ range: Range<Int>? = nil, _ order: TrainingSamples.Order = .shuffled,
    augmentation: Augmentation = .crop
  ) -> TrainingSamples {
    TrainingSamples(
      assembler: assembler, indices: range.map { Array($0) }, augmentation: augmentation, order: order)
  }

  func part(
    _ name: String, _ samples: TrainingSamples, batch: Int,
    _ objective: any Objective = CrossEntropyObjective()
  ) -> TrainingPart {
    TrainingPart(name: name, samples: samples, batch: batch, objective: objective)
  }

  func loop(
    _ passes: [TrainingPass], epochs: Int, threads: Int = 2, seed: UInt64 = 1, earlierEpochs: Int = 0
  ) -> TrainingLoop {
    let network = Network(
      resnet18(
        width: 2, stem: .maxPooling, classes: Self.classes, height: 8, imageWidth: 8),
      capacity: passes.map(\.largestBatch).max() ?? 1,
      context: ExecutionContext(pool: WorkerPool(threads: threads)))
    network.initialize(seed: seed)
    return TrainingLoop(
      network: network, passes: passes, epochs: epochs, step: GradientStep(StochasticGradientDescent()),
      seed: seed, earlierEpochs: earlierEpochs)
  }
}

/// Everything that a checkpoint holds: the loop's state, by way of its JSON, and the network's tensors.
struct TrainingSnapshot: Equatable {
  private let state: Data
  private let tensors: [[Float]]
  private let batchesTracked: [Int]

  init(_ loop: TrainingLoop) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    state = try encoder.encode(loop.state)
    tensors = Self.buffers(of: loop.network).map(\.array)
    batchesTracked = loop.network.normalizations.map(\.batchesTracked)
  }

  func restore(_ loop: TrainingLoop) throws {
    loop.state = try JSONDecoder().decode(TrainingState.self, from: state)
    for (buffer, values) in zip(Self.buffers(of: loop.network), tensors) {
      _ = buffer.elements.update(fromContentsOf: values)
    }
    for (normalization, count) in zip(loop.network.normalizations, batchesTracked) {
      normalization.batchesTracked = count
    }
  }

  private static func buffers(of network: Network) -> [FloatBuffer] {
    network.parameters.flatMap { [$0.values] + $0.state }
      + network.normalizations.flatMap { $0.statistics.map(\.values) }
  }
}

/// Calls closures where an observer is asked.
final class TestObserver: TrainingObserver {
  var afterStep: (TrainingLoop) throws -> Void = { _ in }
  var afterEpoch: (TrainingLoop) throws -> Void = { _ in }
  var figures: (Int) -> [(name: String, value: Double)] = { _ in [] }

  func stepEnded(_ loop: TrainingLoop) throws { try afterStep(loop) }

  func figures(afterEpoch epoch: Int, of loop: TrainingLoop) throws -> [(name: String, value: Double)] {
    figures(epoch)
  }

  func epochEnded(_ loop: TrainingLoop) throws { try afterEpoch(loop) }
}
