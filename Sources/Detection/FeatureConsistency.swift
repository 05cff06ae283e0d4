import Compute
import Images
import Networks

/// The score of the method: how far an image's features move when the image is transformed.
///
/// Δ(x) = ‖f(x) − f(τ(x))‖² (paper, Eq. 1) with f the pooled features of a briefly trained network in
/// evaluation mode and τ a random transformation. The authors' code divides by the length of the
/// features; the ranks are the same.
package struct FeatureConsistency: Sendable {
  package let transformation: RandomTransformation
  /// Over how many independent draws of τ the score is averaged.
  package let draws: Int
  package let seed: UInt64

  package init(transformation: RandomTransformation, draws: Int, seed: UInt64) {
    self.transformation = transformation
    self.draws = draws
    self.seed = seed
  }

  /// The scores of all images of `assembler`, `[count]`.
  ///
  /// - Parameter progress: called with the number of images seen so far, each counted once for the
  ///   plain view and once for each draw.
  package func scores(
    of assembler: BatchAssembler, network: Network, progress: (Int) throws -> Void
  ) rethrows -> [Double] {
    let indices = Array(assembler.images.labels.indices)
    let length = network.output(.features).length
    let plain = FloatBuffer(count: indices.count * length)
    try Inference.run(network, over: indices, of: assembler) { range, features, _ in
      (plain.pointer + range.lowerBound * length).update(from: features, count: range.count * length)
      try progress(range.upperBound)
    }
    var sums = [Double](repeating: 0, count: indices.count)
    for draw in 0..<draws {
      let view = Inference.View.transformed(transformation, seed: seed, draw: draw)
      try Inference.run(network, over: indices, of: assembler, view: view) { range, features, _ in
        for (row, index) in range.enumerated() {
          let (first, second) = (plain.pointer + index * length, features + row * length)
          var square = 0.0
          for j in 0..<length {
            let distance = Double(first[j]) - Double(second[j])
            square += distance * distance
          }
          sums[index] += square
        }
        try progress((draw + 1) * indices.count + range.upperBound)
      }
    }
    return sums.map { $0 / Double(draws) }
  }
}
