import Compute
import Detection
import Images
import Networks
import TestSupport
import Testing

@Suite struct FeatureConsistencyTests {
  /// An untrained network in evaluation mode.
  private func network(threads: Int = 2, capacity: Int = 8) -> Network {
    let network = Network(
      ModelDescription(
        width: 4, stem: .maxPooling, classes: 4,
        image: MapShape(height: 8, width: 8, channels: 3)
      ).plan,
      capacity: capacity, context: ExecutionContext(pool: WorkerPool(threads: threads)))
    network.initialize(seed: 3)
    return network
  }

  private func scores(
    _ images: ImageSet, _ transformation: RandomTransformation, draws: Int = 1, seed: UInt64 = 1,
    network: Network? = nil
  ) -> [Double] {
    FeatureConsistency(transformation: transformation, draws: draws, seed: seed).scores(
      of: BatchAssembler(images: images, normalization: .cifar10),
      network: network ?? self.network(), progress: { _ in })
  }

  /// Images of one colour, black or not, every third one of random pixels.
  private func plainImages(_ colour: UInt8) throws -> ImageSet {
    let random = try randomImages(count: 21)
    let pixels = random.pixels.enumerated().map { position, value in
      position / random.shape.count % 3 == 2 ? value : colour
    }
    return try random.replacing(labels: random.labels, pixels: pixels)
  }

  /// What enters is black, so black images do not change; flips and blurs leave one colour alone.
  @Test(arguments: [
    (RandomTransformation(.rotate, then: .affine), 0), (RandomTransformation(.crop, then: nil), 0),
    (RandomTransformation(.flip, then: nil), 200), (RandomTransformation(.flip, then: .blur), 77),
  ] as [(RandomTransformation, UInt8)])
  func zeroWhereNothingChanges(_ transformation: RandomTransformation, _ colour: UInt8) throws {
    let scores = scores(try plainImages(colour), transformation, draws: 2)
    for (index, score) in scores.enumerated() {
      #expect(index % 3 == 2 ? score > 0 : score == 0, "image \(index): \(score)")
    }
  }

  @Test(arguments: TransformationKind.allCases) func whatChangesHasAScore(_ kind: TransformationKind) throws {
    let found = scores(try randomImages(count: 20), RandomTransformation(kind, then: nil))
    #expect(found.allSatisfy { $0.isFinite && $0 >= 0 })
    #expect(found.count { $0 > 0 } >= 15)
  }

  @Test func threadsDoNotMatter() throws {
    let images = try randomImages(count: 21)
    let expected = scores(images, RandomTransformation(), draws: 2, network: network(threads: 1))
    for threads in [2, 3, 5] {
      #expect(
        scores(images, RandomTransformation(), draws: 2, network: network(threads: threads)) == expected)
    }
  }

  /// An image's score does not depend on what else is in its batch.
  @Test func batchesDoNotMatter() throws {
    let images = try randomImages(count: 21)
    let expected = scores(images, RandomTransformation(), network: network(capacity: 21))
    let found = scores(images, RandomTransformation(), network: network(capacity: 4))
    for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-4 * b) }
  }

  @Test func drawsAreAveraged() throws {
    let images = try randomImages(count: 10)
    let network = network()
    let assembler = BatchAssembler(images: images, normalization: .cifar10)
    let length = network.output(.features).length
    func features(_ view: Inference.View) -> [[Double]] {
      var rows: [[Double]] = []
      Inference.run(network, over: Array(0..<10), of: assembler, view: view) { range, features, _ in
        for row in 0..<range.count { rows.append((0..<length).map { Double(features[row * length + $0]) }) }
      }
      return rows
    }
    let plain = features(.plain)
    let distances = (0..<3).map { draw in
      zip(plain, features(.transformed(RandomTransformation(), seed: 5, draw: draw))).map { a, b in
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
    }
    let found = scores(images, RandomTransformation(), draws: 3, seed: 5, network: network)
    for index in 0..<10 {
      let mean = distances.reduce(0) { $0 + $1[index] } / 3
      #expect(abs(found[index] - mean) <= 1e-12 * mean)
      #expect(Set(distances.map { $0[index] }).count == 3, "the draws differ")
    }
  }

  @Test func seedsMatter() throws {
    let images = try randomImages(count: 10)
    let first = scores(images, RandomTransformation(), seed: 1)
    #expect(scores(images, RandomTransformation(), seed: 1) == first)
    #expect(scores(images, RandomTransformation(), seed: 2) != first)
  }

  @Test func progressCountsEveryView() throws {
    var seen: [Int] = []
    _ = FeatureConsistency(transformation: RandomTransformation(), draws: 2, seed: 1).scores(
      of: BatchAssembler(images: try randomImages(count: 20), normalization: .cifar10),
      network: network(), progress: { seen.append($0) })
    #expect(seen == [8, 16, 20, 28, 36, 40, 48, 56, 60])
  }
}
