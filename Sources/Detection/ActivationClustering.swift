import Compute

/// Activation clustering (Chen et al. 2018): within each given class, two clusters of the features in the few
/// directions in which they vary most; poisoned images are to be the smaller one.
///
/// All images of a class are clustered at once. Published is a decision for whole clusters, or classes; a
/// split wants an order of all images, which `Kind` gives in one of three ways.
package struct ActivationClustering: Sendable {
  /// What an image's score says.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// How much closer it is to the centre of the smaller cluster, times how well the class falls into two.
    case silhouette
    /// The first of these alone: (d_large − d_small)/(d_large + d_small), from −1 to 1.
    case distance
    /// The share of its class that is in the other cluster, from 0 to 1.
    case size
  }

  /// How directions are scaled before the clustering.
  package enum Reduction: String, CaseIterable, Hashable, Sendable {
    /// Principal components as they are.
    case pca
    /// All of variance 1: independent components are these, turned, and distances do not change with that.
    case ica
  }

  package let kind: Kind
  package let reduction: Reduction
  package let components: Int
  package let seed: UInt64

  package init(kind: Kind, reduction: Reduction, components: Int, seed: UInt64) {
    (self.kind, self.reduction, self.components, self.seed) = (kind, reduction, components, seed)
  }

  /// The scores, `[count]`; larger is more suspicious. Images whose class does not fall into two have 0.
  ///
  /// - Parameters:
  ///   - features: `[count, length]`.
  ///   - labels: the given labels, `[count]`.
  /// - Returns: NaN for a class with features that are not finite.
  package func scores(features: FloatBuffer, length: Int, labels: [Int]) -> [Double] {
    var scores = [Double](repeating: 0, count: labels.count)
    let members = Dictionary(grouping: labels.indices) { labels[$0] }
    for (label, indices) in members {
      let rows = features.centredRows(at: indices, length: length)
      let found =
        rows.allSatisfy(\.isFinite) ? classScores(of: rows, length: length, label: label) : nil
      for (position, index) in indices.enumerated() { scores[index] = found?[position] ?? .nan }
    }
    return scores
  }

  private func classScores(of rows: [Double], length: Int, label: Int) -> [Double]? {
    guard
      let found = PrincipalComponents.projections(of: rows, length: length, components: components)
    else { return nil }
    let width = found.variances.count
    var points = found.values
    if reduction == .ica {
      for index in points.indices {
        let variance = found.variances[index % width]
        // Where nothing varies, rounding is all there is.
        points[index] = variance > 1e-12 * found.variances[0] ? points[index] / variance.squareRoot() : 0
      }
    }
    let clusters = TwoMeans(of: points, length: width, seed: seed, stream: label)
    return scores(of: points, width: width, in: clusters)
  }

  private func scores(of points: [Double], width: Int, in clusters: TwoMeans) -> [Double] {
    let count = clusters.assignments.count
    let ones = clusters.assignments.reduce(0, +)
    guard ones > 0, ones < count else { return [Double](repeating: 0, count: count) }
    let small = 2 * ones <= count ? 1 : 0
    let sizes = [count - ones, ones]
    if kind == .size {
      return clusters.assignments.map { 1 - Double(sizes[$0]) / Double(count) }
    }
    var (silhouette, scores) = (0.0, [Double](repeating: 0, count: count))
    for index in 0..<count {
      let distances = (0..<2).map {
        TwoMeans.square(points, index, width, clusters.centres, $0).squareRoot()
      }
      let own = clusters.assignments[index]
      silhouette += (distances[1 - own] - distances[own]) / max(distances[1 - own], distances[own])
      scores[index] =
        (distances[1 - small] - distances[small]) / (distances[0] + distances[1])
    }
    // The simplified silhouette: distances from the centres, not from every other point.
    let factor = kind == .silhouette ? silhouette / Double(count) : 1
    return scores.map { $0 * factor }
  }
}

extension FloatBuffer {
  /// Vectors at `indices` less their mean, `[indices.count, length]`.
  ///
  /// A place at which all vectors are equal has zeros, not what rounding leaves of their mean: both scores ask in
  /// which direction vectors differ most, and would rank by it.
  func centredRows(at indices: [Int], length: Int) -> [Double] {
    var rows: [Double] = []
    rows.reserveCapacity(indices.count * length)
    var mean = [Double](repeating: 0, count: length)
    var isConstant = [Bool](repeating: true, count: length)
    for index in indices {
      for place in 0..<length {
        let value = Double(pointer[index * length + place])
        mean[place] += value
        rows.append(value)
        // NaN where either is not finite, which is no zero either.
        if value - rows[place] != 0 { isConstant[place] = false }
      }
    }
    for place in 0..<length { mean[place] /= Double(indices.count) }
    for position in rows.indices {
      let place = position % length
      rows[position] = isConstant[place] ? 0 : rows[position] - mean[place]
    }
    return rows
  }
}
