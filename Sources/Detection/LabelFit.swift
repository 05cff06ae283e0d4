import Images
import Networks

/// How well a network fits the given label of each image, and what remains of that in changed images.
///
/// Poison that a network has learned is fitted. A pattern that is tied to its place is lost by a random shift more
/// often than images of a class are; one that the network looks for first is still seen when another image is added.
package struct LabelFit: Hashable, Sendable {
  /// The images that a fit is measured on, besides the plain ones.
  package struct Views: Hashable, Sendable {
    /// Random shifts of each image, and how far they reach.
    package let shifted: Int
    package let wrapAround: WrapAround
    /// Sums of each image and another one.
    package let superimposed: Int

    /// The views of each image, with the image itself.
    package var count: Int { 1 + shifted + superimposed }

    package init(shifted: Int, by wrapAround: WrapAround, superimposed: Int) {
      self.shifted = shifted
      self.wrapAround = wrapAround
      self.superimposed = superimposed
    }
  }

  /// The probability of the given label, `[count]`.
  package let probabilities: [Double]
  /// Its logit less that of the mean probability over random shifts, `[count]`; empty where not measured.
  package let contrasts: [Double]
  /// Its mean when another image is added, `[count]`; empty where not measured.
  package let superimposed: [Double]

  package init(probabilities: [Double], contrasts: [Double], superimposed: [Double] = []) {
    self.probabilities = probabilities
    self.contrasts = contrasts
    self.superimposed = superimposed
  }

  /// Measures a network in evaluation mode.
  ///
  /// - Parameters:
  ///   - seed: decides what is drawn.
  ///   - progress: called with the number of images seen so far, each counted once for every view.
  /// - Throws: `InferenceError`, and what `progress` throws.
  package init(
    of network: Network, over assembler: BatchAssembler, views: Views, seed: UInt64,
    progress: (Int) throws -> Void
  ) throws {
    let count = assembler.images.count
    var seen = 0
    func fit(_ view: Inference.View) throws -> [Double] {
      defer { seen += count }
      return try Inference.labelProbabilities(of: network, over: assembler, view: view) {
        try progress(seen + $0.upperBound)
      }
    }
    func mean(over draws: Int, _ view: (Int) -> Inference.View) throws -> [Double] {
      guard draws > 0 else { return [] }
      var sums = [Double](repeating: 0, count: count)
      for draw in 0..<draws {
        let found = try fit(view(draw))
        for index in sums.indices { sums[index] += found[index] }
      }
      return sums.map { $0 / Double(draws) }
    }
    probabilities = try fit(.plain)
    let shifted = try mean(over: views.shifted) { .wrapped(views.wrapAround, seed: seed, draw: $0) }
    contrasts = zip(probabilities, shifted).map { Ranking.logit($0) - Ranking.logit($1) }
    superimposed = try mean(over: views.superimposed) { .superimposed(seed: seed, draw: $0) }
  }

  /// The mean of the ranks of probability and contrast and twice that of superimposed, over the number of samples: the
  /// least fitted come first.
  ///
  /// The last tells most, but rates whole classes high that sums of images happen to look like; the others even that
  /// out.
  package var meanRanks: [Double] {
    let ranks = [probabilities, contrasts, superimposed].map { Ranking.shares(of: $0) }
    return probabilities.indices.map { (ranks[0][$0] + ranks[1][$0] + 2 * ranks[2][$0]) / 4 }
  }

  /// The ranks of the probabilities, and of a share `keep` of earlier scores, with those of what remains in changed
  /// images.
  package func rankSums(keeping keep: Double, of earlier: [Double]) -> [Double] {
    let (fit, changed) = (Ranking.shares(of: probabilities), ranksOfChanged)
    return earlier.indices.map { keep * earlier[$0] + fit[$0] + changed[$0] }
  }

  /// The larger of the ranks of contrast and superimposed, where both were measured.
  private var ranksOfChanged: [Double] {
    [contrasts, superimposed].filter { !$0.isEmpty }.map { Ranking.shares(of: $0) }.reduce(
      [Double](repeating: 0, count: probabilities.count)) { zip($0, $1).map(max) }
  }
}
