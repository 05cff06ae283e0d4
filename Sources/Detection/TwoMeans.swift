import Compute

/// Two clusters of points by Lloyd's 2-means with k-means++ starts: the best of several, a function of the
/// seed alone.
package struct TwoMeans: Sendable {
  /// Which cluster each point is in, 0 or 1, `[count]`.
  package private(set) var assignments: [Int]
  /// `[2, length]`
  package private(set) var centres: [Double]
  /// The sum of the squared distances of the points from their centres.
  package private(set) var inertia: Double

  private static let starts = 10
  private static let rounds = 300

  /// - Parameters:
  ///   - points: `[count, length]`, at least one.
  ///   - stream: tells clusterings of the same seed apart.
  package init(of points: [Double], length: Int, seed: UInt64, stream: Int = 0) {
    precondition(length > 0 && points.count >= length)
    var best: TwoMeans?
    for start in 0..<Self.starts {
      var random = RandomStream(
        seed: seed, purpose: RandomPurpose("two means"), epoch: start, sample: stream)
      var found = TwoMeans(start: points, length: length, &random)
      found.improve(points, length: length)
      if found.inertia < best?.inertia ?? .infinity { best = found }
    }
    self = best ?? TwoMeans(assignments: [], centres: [], inertia: 0)
  }

  private init(assignments: [Int], centres: [Double], inertia: Double) {
    (self.assignments, self.centres, self.inertia) = (assignments, centres, inertia)
  }

  /// A point at random, and a second one with a probability that grows with the squared distance from it.
  private init(start points: [Double], length: Int, _ random: inout RandomStream) {
    let count = points.count / length
    let first = random.integer(below: count)
    let centre = Array(points[(first * length)..<((first + 1) * length)])
    let squares = (0..<count).map { Self.square(points, $0, length, centre, 0) }
    var rest = random.uniform() * squares.reduce(0, +)
    var second = first
    for (index, square) in squares.enumerated() where square > 0 {
      second = index
      rest -= square
      if rest < 0 { break }
    }
    centres = centre + points[(second * length)..<((second + 1) * length)]
    assignments = [Int](repeating: 0, count: count)
    inertia = .infinity
  }

  private mutating func improve(_ points: [Double], length: Int) {
    for _ in 0..<Self.rounds {
      var (sum, isSame) = (0.0, inertia.isFinite)
      for index in assignments.indices {
        let distances = (0..<2).map { Self.square(points, index, length, centres, $0) }
        let nearest = distances[1] < distances[0] ? 1 : 0
        if nearest != assignments[index] { isSame = false }
        assignments[index] = nearest
        sum += distances[nearest]
      }
      inertia = sum
      if isSame { return }
      for cluster in 0..<2 {
        let members = assignments.indices.filter { assignments[$0] == cluster }
        if members.isEmpty { continue }
        for place in 0..<length {
          let sum = members.reduce(0) { $0 + points[$1 * length + place] }
          centres[cluster * length + place] = sum / Double(members.count)
        }
      }
    }
  }

  /// The squared distance of a point from a centre.
  static func square(
    _ points: [Double], _ index: Int, _ length: Int, _ centres: [Double], _ cluster: Int
  ) -> Double {
    var sum = 0.0
    for place in 0..<length {
      let difference = points[index * length + place] - centres[cluster * length + place]
      sum += difference * difference
    }
    return sum
  }
}
