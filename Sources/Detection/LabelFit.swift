import Images
import Networks

/// How well a network fits the given label of each image, and how much of that a random shift takes away.
///
/// Poison that a network has learned is fitted, and by a pattern that is tied to its place more often than
/// images of a class are.
package struct LabelFit: Hashable, Sendable {
  /// The probability of the given label, `[count]`.
  package let probabilities: [Double]
  /// Its logit less that of the mean probability over random views, `[count]`; empty where not measured.
  package let contrasts: [Double]

  package init(probabilities: [Double], contrasts: [Double]) {
    self.probabilities = probabilities
    self.contrasts = contrasts
  }

  /// Measures a network in evaluation mode.
  ///
  /// - Parameters:
  ///   - draws: random views of each image; none measures no contrast.
  ///   - seed: decides what is drawn.
  ///   - progress: called with the number of images seen so far, each counted once for every view.
  /// - Throws: `InferenceError`, and what `progress` throws.
  package init(
    of network: Network, over assembler: BatchAssembler, view: WrapAround, draws: Int, seed: UInt64,
    progress: (Int) throws -> Void
  ) throws {
    let count = assembler.images.count
    probabilities = try Inference.labelProbabilities(of: network, over: assembler) {
      try progress($0.upperBound)
    }
    guard draws > 0 else {
      contrasts = []
      return
    }
    var sums = [Double](repeating: 0, count: count)
    for draw in 0..<draws {
      let found = try Inference.labelProbabilities(
        of: network, over: assembler, view: .wrapped(view, seed: seed, draw: draw)
      ) { try progress((draw + 1) * count + $0.upperBound) }
      for index in sums.indices { sums[index] += found[index] }
    }
    contrasts = zip(probabilities, sums).map {
      Ranking.logit($0) - Ranking.logit($1 / Double(draws))
    }
  }

  /// The larger of the two ranks, over their number: the least fitted samples come first.
  package var largerRanks: [Double] {
    zip(Ranking.shares(of: probabilities), Ranking.shares(of: contrasts)).map(max)
  }

  /// The sum of both ranks and of a share `keep` of earlier scores.
  package func rankSums(keeping keep: Double, of earlier: [Double]) -> [Double] {
    let (fit, contrast) = (Ranking.shares(of: probabilities), Ranking.shares(of: contrasts))
    return earlier.indices.map { keep * earlier[$0] + fit[$0] + contrast[$0] }
  }
}
