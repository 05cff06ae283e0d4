import Compute

/// Spectral signatures (Tran, Li and Madry 2018): within each given class, how far an image lies from
/// the mean of its class along the direction in which the class varies most.
///
/// With R̂ the features of a class less their mean, and v the top right singular vector of R̂, the score
/// of image i is (R̂_i·v)². Poisoned images are a second group within the target class, which is what the
/// class varies by most. The scores of all classes are compared as they are, or each as a share of the
/// mean of its class; the literature does not say which.
package enum SpectralSignatures {
  /// How the scores of different classes are made comparable.
  package enum Pooling: String, CaseIterable, Hashable, Sendable {
    /// As they are.
    case raw
    /// Divided by the mean score of the class: the variance along v.
    case variance
  }

  /// The scores, `[count]`; larger is more suspicious. Alone in its class, an image has a score of 0.
  ///
  /// The sums are in double precision and in the order of the images.
  ///
  /// - Parameters:
  ///   - features: `[count, length]`.
  ///   - length: The length of a feature vector.
  ///   - labels: The given labels, `[count]`.
  /// - Returns: NaN for a class with features that are not finite.
  package static func scores(
    features: FloatBuffer, length: Int, labels: [Int], pooling: Pooling = .raw
  ) -> [Double] {
    precondition(features.count >= labels.count * length, "a feature vector per image")
    var scores = [Double](repeating: 0, count: labels.count)
    let members = Dictionary(grouping: labels.indices) { labels[$0] }
    for indices in members.values {
      let rows = features.centredRows(at: indices, length: length)
      let isFinite = rows.allSatisfy { $0.isFinite }
      let found = isFinite ? PrincipalDirection.squaredProjections(of: rows, length: length) : nil
      let mean = found.map { $0.reduce(0, +) / Double($0.count) } ?? .nan
      let divisor = pooling == .variance && mean > 0 ? mean : 1
      for (position, index) in indices.enumerated() {
        scores[index] = found.map { $0[position] / divisor } ?? .nan
      }
    }
    return scores
  }
}
