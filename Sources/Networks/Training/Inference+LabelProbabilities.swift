import Foundation
import Images

extension Inference {
  /// The probability that the network gives to each image's given label, `[count]` of the assembler's images.
  ///
  /// - Parameter eachBatch: called after every batch with the positions that it held.
  /// - Throws: `InferenceError` for a logit that is NaN or infinite, and what `eachBatch` throws.
  package static func labelProbabilities(
    of network: Network, over assembler: BatchAssembler, view: View = .plain,
    eachBatch: (Range<Int>) throws -> Void = { _ in }
  ) throws -> [Double] {
    let labels = assembler.images.labels
    let classes = network.output(.logits).length
    let loss = CrossEntropy()
    var losses = [Double](repeating: 0, count: network.capacity)
    var result: [Double] = []
    result.reserveCapacity(labels.count)
    try run(network, over: Array(labels.indices), of: assembler, view: view) { range, _, logits in
      let given = labels[range].map(Int32.init)
      _ = losses.withUnsafeMutableBufferPointer { losses in
        loss.evaluate(
          rows: range.count, classes: classes, logits: logits, labels: given, gradient: nil,
          losses: losses.baseAddress)
      }
      for row in 0..<range.count {
        guard losses[row].isFinite else {
          let image = range.lowerBound + row
          throw InferenceError.notFinite(image: image, label: labels[image])
        }
        result.append(exp(-max(losses[row], 0)))
      }
      try eachBatch(range)
    }
    return result
  }
}
