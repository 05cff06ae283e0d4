import Foundation
import Images
import Networks

/// How well a network fits the given label of each image, and how well still where another image is in the way.
///
/// Poison that a network has learned is fitted. A pattern that covers an image is still seen when another image is
/// added, a small one in one of the windows of the image, whatever lies around it. What an image shows seldom outlasts
/// either.
package struct LabelFit: Hashable, Sendable {
  /// The images that a fit is measured on, besides the plain ones.
  package struct Views: Hashable, Sendable {
    /// Sums of each image and another one.
    package let superimposed: Int
    /// Windows of each image, each over another one.
    package let windows: WindowGrid

    /// The views of each image, with the image itself.
    package var count: Int { 1 + superimposed + windows.count }

    package init(superimposed: Int, windows: WindowGrid) {
      self.superimposed = superimposed
      self.windows = windows
    }
  }

  /// The probability of the given label, `[count]`.
  package let probabilities: [Double]
  /// Its mean when another image is added, `[count]`; empty where not measured.
  package let superimposed: [Double]
  /// The largest one where a window of the image lies over another image, `[count]`; empty where not measured.
  package let windowed: [Double]

  package init(probabilities: [Double], superimposed: [Double] = [], windowed: [Double] = []) {
    self.probabilities = probabilities
    self.superimposed = superimposed
    self.windowed = windowed
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
    probabilities = try fit(.plain)
    var sums: [Double] = []
    for draw in 0..<views.superimposed {
      let found = try fit(.superimposed(seed: seed, draw: draw))
      sums = sums.isEmpty ? found : zip(sums, found).map(+)
    }
    superimposed = sums.map { $0 / Double(views.superimposed) }
    var largest: [Double] = []
    for window in 0..<views.windows.count {
      let found = try fit(.window(window, of: views.windows, seed: seed))
      largest = largest.isEmpty ? found : zip(largest, found).map(max)
    }
    windowed = largest
  }

  /// How much of each sample's label is kept, `[count]`: the least fitted have the lowest scores. Of what was measured
  /// the weighted mean of -ln of the share of samples with as much or more (Fisher's way to join tests), so that a
  /// sample that is among the first in one of them has a high score, whatever the others say.
  ///
  /// Sums and windows rate whole classes high that such images happen to look like. So scores are divided by the square
  /// root of what a tenth of their class is below, which is not poison unless nearly all of the class is.
  ///
  /// The weights were chosen before that, on twelve sets of two data sets with eight kinds and rates of poison, of
  /// other seeds than those that are reported.
  ///
  /// - Parameter labels: the given labels, `[count]`.
  package func joined(labels: [Int]) -> [Double] {
    let measured = [(probabilities, 1.0), (superimposed, 3.0), (windowed, 2.0)].filter { !$0.0.isEmpty }
    let total = measured.reduce(0) { $0 + $1.1 }
    var scores = [Double](repeating: 0, count: probabilities.count)
    for (values, weight) in measured {
      for (index, share) in Ranking.shares(of: values).enumerated() {
        // The first of all has half a sample above it, not none.
        scores[index] -= weight / total * log(1 - share + 0.5 / Double(values.count))
      }
    }
    for members in Dictionary(grouping: scores.indices, by: { labels[$0] }).values {
      let low = members.map { scores[$0] }.sorted()[members.count / 10]
      for index in members { scores[index] /= max(low, Self.least).squareRoot() }
    }
    return scores
  }

  /// The same, with the probabilities of the plain images as they would be among ten classes: the odds of a label are
  /// multiplied by what chance gives it among ten, over what it gives among `classCount`.
  ///
  /// Whoever has forgotten what the classes look like gives a label of three a probability of a third, and thresholds
  /// are made for a tenth: of 667 clean birds, beside 100 images with a patch, 107 were named and all others uncertain.
  /// More classes than ten make labels less probable, which does no harm.
  package func asAmongTen(classCount: Int) -> LabelFit {
    guard (2..<10).contains(classCount) else { return self }
    let shift = log(Double(classCount - 1) / 9)
    return LabelFit(
      probabilities: probabilities.map { 1 / (1 + exp(-Ranking.logit($0) - shift)) }, superimposed: superimposed,
      windowed: windowed)
  }

  /// By no less scores are divided, where a whole tenth of a class is fitted by nothing.
  private static let least = 1e-3

  /// The scores with a share `keep` of earlier ones.
  package func joined(keeping keep: Double, of earlier: [Double], labels: [Int]) -> [Double] {
    zip(earlier, joined(labels: labels)).map { keep * $0 + $1 }
  }
}
