import Images
import Networks

/// Scores that are losses: of a model's logits for the images as they are, against the given labels.
package enum LossScores {
  /// Which loss, and how it becomes a score.
  package enum Kind: Sendable {
    /// DBD: an image whose label the model does not believe is suspect.
    case symmetric(SymmetricCrossEntropy)
    /// ABL: an image that is learned with ease is suspect, so the score is the cross-entropy times −1.
    case easilyLearned
  }

  /// The scores of all images of `assembler`, `[count]`; larger is more suspicious.
  ///
  /// - Parameter progress: called with the number of images seen so far.
  package static func scores(
    _ kind: Kind, of assembler: BatchAssembler, network: Network, progress: (Int) throws -> Void
  ) rethrows -> [Double] {
    let labels = assembler.images.labels
    let classes = network.output(.logits).length
    var scores = [Double](repeating: 0, count: labels.count)
    try Inference.run(network, over: Array(labels.indices), of: assembler) { range, _, logits in
      for (row, index) in range.enumerated() {
        var label = Int32(labels[index])
        let line = logits + row * classes
        switch kind {
        case .symmetric(let loss):
          scores[index] = loss.evaluate(
            rows: 1, classes: classes, logits: line, labels: &label, gradient: nil).lossSum
        case .easilyLearned:
          scores[index] = -CrossEntropy().evaluate(
            rows: 1, classes: classes, logits: line, labels: &label, gradient: nil).lossSum
        }
      }
      try progress(range.upperBound)
    }
    return scores
  }
}
