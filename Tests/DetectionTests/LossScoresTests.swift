import Compute
import Detection
import Foundation
import Images
import Networks
import TestSupport
import Testing

@Suite struct LossScoresTests {
  /// Scores follow from the logits: both losses of every image, one with its sign turned.
  @Test func followFromTheLogits() throws {
    let images = try randomImages(count: 20, side: 16)
    let network = Network(
      ModelDescription(
        width: 2, stem: .plain, classes: 4, image: MapShape(height: 16, width: 16, channels: 3)
      ).plan, capacity: 6, context: ExecutionContext())
    network.initialize(seed: 3)
    let assembler = BatchAssembler(images: images, normalization: .cifar10)
    var logits: [[Double]] = []
    Inference.run(network, over: Array(0..<20), of: assembler) { range, _, values in
      for row in 0..<range.count { logits.append((0..<4).map { Double(values[row * 4 + $0]) }) }
    }
    var seen: [Int] = []
    let low = LossScores.scores(.easilyLearned, of: assembler, network: network) { seen.append($0) }
    let symmetric = LossScores.scores(
      .symmetric(SymmetricCrossEntropy()), of: assembler, network: network
    ) { _ in }
    #expect(seen == [6, 12, 18, 20])
    for (index, row) in logits.enumerated() {
      let sum = row.reduce(0) { $0 + exp($1) }
      let probability = exp(row[images.labels[index]]) / sum
      #expect(abs(low[index] - log(probability)) < 1e-6)
      let expected = -0.1 * log(probability) - log(1e-4) * (1 - probability)
      #expect(abs(symmetric[index] - expected) < 1e-5)
    }
  }
}
