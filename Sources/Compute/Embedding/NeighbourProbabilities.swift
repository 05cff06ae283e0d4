import Foundation

/// How near each other the points of a set are, as t-SNE sees it: the probability of each pair.
///
/// Each point gives the others shares by a normal density around it, as wide as makes the entropy of the
/// shares that of `perplexity` equal neighbours; the probability of a pair is the mean of both shares over
/// all points (van der Maaten and Hinton 2008, Eq. 1 and section 3.1).
struct NeighbourProbabilities {
  let count: Int
  /// `[count, count]`; symmetric, zero on the diagonal, with a sum of 1.
  let values: [Double]

  private static let bisections = 60

  /// - Parameter rows: `[count, length]`, finite.
  init(of rows: [Double], length: Int, perplexity: Double, pool: WorkerPool) {
    let count = rows.count / length
    let products = SymmetricEigenpairs.gram(rows, length: length, isWide: true)
    // As many neighbours as there can be among few points.
    let entropy = Foundation.log(max(1, min(perplexity, Double(count - 1) / 3)))
    var shares = [Double](repeating: 0, count: count * count)
    shares.withUnsafeMutableBufferPointer { shares in
      guard let base = shares.baseAddress else { return }
      pool.run(count) { row, _ in
        Self.fill(base + row * count, row: row, products: products, count: count, entropy: entropy)
      }
    }
    var values = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count where i != j {
        values[i * count + j] = (shares[i * count + j] + shares[j * count + i]) / (2 * Double(count))
      }
    }
    self.count = count
    self.values = values
  }

  /// The shares of one row.
  ///
  /// - Parameter products: of rows with each other, `[count, count]`, above the diagonal and on it.
  private static func fill(
    _ shares: UnsafeMutablePointer<Double>, row: Int, products: [Double], count: Int, entropy: Double
  ) {
    var distances = [Double](repeating: 0, count: count)
    var (least, sum) = (Double.infinity, 0.0)
    for j in 0..<count where j != row {
      let product = products[min(row, j) * count + max(row, j)]
      // Rounding may leave less than nothing between equal points.
      distances[j] = max(0, products[row * count + row] + products[j * count + j] - 2 * product)
      least = min(least, distances[j])
      sum += distances[j]
    }
    let mean = sum / Double(max(1, count - 1)) - least
    // One over twice the variance, in units of the mean distance.
    var (low, high, factor) = (0.0, Double.infinity, 1.0)
    for _ in 0..<bisections {
      var (total, weighted) = (0.0, 0.0)
      let scale = mean > 0 ? factor / mean : 0
      for j in 0..<count where j != row {
        let exponent = (distances[j] - least) * scale
        let share = Foundation.exp(-exponent)
        shares[j] = share
        total += share
        weighted += share * exponent
      }
      if total == 0 { return }
      for j in 0..<count where j != row { shares[j] /= total }
      // More entropy than wanted: the density is too wide.
      if Foundation.log(total) + weighted / total > entropy { low = factor } else { high = factor }
      factor = high == .infinity ? 2 * factor : (low + high) / 2
    }
  }
}
