import Foundation

/// t-SNE: points of many dimensions in the plane, those that are near each other near each other.
///
/// The exact method (van der Maaten and Hinton 2008), with every pair of points: for some thousands of them.
/// It begins with the first two principal components; a factor of 12 on the attraction for a quarter of the
/// steps lets clusters form (van der Maaten 2014). Distances between clusters mean little. The same points
/// give the same bits for any number of threads.
public struct NeighbourEmbedding: Sendable {
  /// About how many neighbours of a point count; less than a third of the points.
  public let perplexity: Double
  public let steps: Int
  /// Chooses what parts points that lie on each other.
  public let seed: UInt64

  public init(perplexity: Double = 30, steps: Int = 1000, seed: UInt64 = 1) {
    precondition(perplexity >= 1 && steps > 0)
    self.perplexity = perplexity
    self.steps = steps
    self.seed = seed
  }

  public struct Result: Sendable {
    /// `[count, 2]`, with a mean of zero.
    public let points: [Double]
    /// By how much the neighbourhoods in the plane differ from those of the rows: the Kullback-Leibler
    /// divergence, in nats.
    public let divergence: Double
  }

  private static let exaggeration = 12.0
  private static let leastRate = 50.0

  /// - Parameters:
  ///   - rows: `[count, length]`, the last axis varying fastest; finite numbers.
  ///   - length: of a row; at least 1.
  ///   - eachStep: called after every step with how many there were.
  public func callAsFunction(
    _ rows: [Double], length: Int, pool: WorkerPool, eachStep: (Int) throws -> Void
  ) rethrows -> Result {
    let count = rows.count / length
    guard count > 1 else { return Result(points: [Double](repeating: 0, count: 2 * count), divergence: 0) }
    // Distances are the same, and lose less by rounding.
    let rows = Self.centred(rows, length: length)
    let probabilities = NeighbourProbabilities(
      of: rows, length: length, perplexity: perplexity, pool: pool)
    let (x, y) = start(rows, length: length)
    var descent = NeighbourDescent(probabilities, x: x, y: y)
    // As the gradient below, which has the factor 4 of the derivation in it.
    let rate = max(Double(count) / Self.exaggeration / 4, Self.leastRate)
    for step in 0..<steps {
      let isEarly = step < steps / 4
      descent.step(
        rate: rate, momentum: isEarly ? 0.5 : 0.8, attraction: isEarly ? Self.exaggeration : 1, pool: pool)
      try eachStep(step + 1)
    }
    return Result(points: descent.points, divergence: descent.divergence(pool: pool))
  }

  private static func centred(_ rows: [Double], length: Int) -> [Double] {
    let count = rows.count / length
    var means = [Double](repeating: 0, count: length)
    for row in 0..<count { for j in 0..<length { means[j] += rows[row * length + j] } }
    for j in 0..<length { means[j] /= Double(count) }
    return rows.indices.map { rows[$0] - means[$0 % length] }
  }

  /// The first two principal components, with a deviation of 1e-4 along the first, and less than a
  /// hundredth of that at random.
  private func start(_ rows: [Double], length: Int) -> (x: [Double], y: [Double]) {
    let found = PrincipalComponents.projections(of: rows, length: length, components: 2)
    let components = found.map { $0.variances.count } ?? 0
    let deviation = found?.variances.first?.squareRoot() ?? 0
    var stream = RandomStream(seed: seed, purpose: RandomPurpose("t-SNE"))
    func start(_ row: Int, _ component: Int) -> Double {
      let jitter = 1e-6 * stream.normal()
      guard let found, component < components, deviation > 0 else { return jitter }
      return 1e-4 * found.values[row * components + component] / deviation + jitter
    }
    var (x, y) = ([Double](), [Double]())
    for row in 0..<(rows.count / length) {
      x.append(start(row, 0))
      y.append(start(row, 1))
    }
    return (x, y)
  }
}
