import Compute
import Foundation
import Images
import Synchronization

/// Looks for a pattern that part of a class has (see `SharedPattern`).
///
/// The images with high scores have it more often than the others, if only a little, so that the difference of the means
/// is a first guess at it. How much of it is in each image, by the direction along which it is seen best (see
/// `WithinClassCovariance`), divides the class in two clusters, the difference of whose means is a better guess; and so
/// on. Each image is only ever judged by the pattern of the half of the class that it is not in: along the pattern of its
/// own half any cluster stands out, as its images are part of it.
package struct PatternSearch: Sendable {
  /// The share of a class, of the highest scores, that is the first guess, and how many at least.
  private static let (start, fewest) = (0.1, 10)
  private static let mostRounds = 5
  private static let longestSide = 32

  private let images: ImageSet
  /// The images that are searched: no larger than 32 pixels, as those of 64 have four times as many numbers.
  private let searched: ImageSet
  private let highPass: HighPass
  /// Those of the classes with an even and an odd place, each for the others, and that of all classes.
  private let covariances: [WithinClassCovariance]
  private let places: [Int: Int]

  /// Images that the covariance is measured on, and values of them at the most (800 MB): five for each number of an image
  /// where these are few, as more take no longer then. Of Fashion-MNIST poison lies 7 to 8 standard deviations from clean
  /// images with the covariance of 1,000, and 10 to 12 with that of 2,000 (a prototype).
  private static let (mostSamples, samplesPerNumber, mostValues) = (1000, 5, 200_000_000)
  private static let mostNumbers = 1000
  /// What is added to all variances, as a share of their mean. In a prototype, with the covariance of all classes, poison
  /// of Fashion-MNIST was divided from clean images about as well with 0.3 as with 0.1 and 1; with 0.01 some clean ones
  /// were on its side.
  private static let ridge = 0.3

  package init(_ images: ImageSet, seed: UInt64, pool: WorkerPool) {
    self.images = images
    highPass = HighPass(shape: images.shape)
    let searched = images.resized(to: Self.searchedSize(of: images.shape), fit: .stretch)
    self.searched = searched
    let length = searched.shape.count
    let most = length <= Self.mostNumbers ? max(Self.mostSamples, Self.samplesPerNumber * length) : Self.mostSamples
    let count = max(1, min(most, Self.mostValues / length))
    let places = Dictionary(
      uniqueKeysWithValues: Set(images.labels).sorted().enumerated().map { ($0.element, $0.offset % 2) })
    let order = Ranking.order(of: images.labels.map { _ in 0 }, seed: seed)
    covariances = [0, 1, nil].map { place in
      let samples = order.filter { place == nil || places[images.labels[$0]] == place }.prefix(count)
      return WithinClassCovariance(searched, samples: Array(samples), adding: Self.ridge, pool: pool)
    }
    self.places = places
  }

  private static func searchedSize(of shape: ImageShape) -> ImageSize {
    let longest = max(shape.height, shape.width)
    func scaled(_ side: Int) -> Int { longest <= longestSide ? side : max(1, side * longestSide / longest) }
    return ImageSize(height: scaled(shape.height), width: scaled(shape.width))
  }

  /// The pattern along which the two clusters of a class lie furthest apart, of those that a search finds from each of
  /// several scores.
  ///
  /// - Parameter scores: each `[images.count]`.
  /// - Returns: `nil` where the class has too few images for two clusters in each half.
  package func pattern(of label: Int, from scores: [[Double]], seed: UInt64) -> SharedPattern? {
    let members = images.labels.indices.filter { images.labels[$0] == label }
    var stream = RandomStream(seed: seed, purpose: RandomPurpose("halves of a class"), sample: label)
    let order = stream.permutation(of: members.count)
    let halves = [0, 1].map { half in order.indices.filter { $0 % 2 == half }.map { members[order[$0]] }.sorted() }
    // In that of its own class a trigger is a difference among others, which counts little; but a class may differ in
    // ways of its own, which that of others does not know.
    let known = [covariances[places[label] == 0 ? 1 : 0], covariances[2]]
    var best: SharedPattern?
    for score in scores {
      let ranked = Ranking.order(of: members.map { score[$0] }, seed: seed)
      let first = Set(ranked.suffix(max(Self.fewest, Int(Self.start * Double(members.count)))).map { members[$0] })
      for covariance in known {
        if let found = pattern(of: label, halves, from: first, covariance), found.separation > best?.separation ?? 0 {
          best = found
        }
      }
    }
    return best
  }

  /// The patterns of several classes.
  package func patterns(
    of labels: [Int], from scores: [[Double]], seed: UInt64, pool: WorkerPool
  ) -> [Int: SharedPattern] {
    let found = Mutex<[Int: SharedPattern]>([:])
    pool.run(labels.count) { place, _ in
      let pattern = pattern(of: labels[place], from: scores, seed: seed)
      found.withLock { $0[labels[place]] = pattern }
    }
    return found.withLock { $0 }
  }

  /// How unlike each other images with a pattern are, as a multiple of how unlike those without it are, or the other way
  /// round where that is less: by the medians of the distances to the nearest of up to 200 others. Copies of one image
  /// have all of it in common.
  package func variety(of pattern: SharedPattern, seed: UInt64) -> Double {
    let owners = Set(pattern.owners)
    let order = Ranking.order(of: pattern.members.map { _ in 0 }, seed: seed).map { pattern.members[$0] }
    let (some, others) = (order.filter(owners.contains), order.filter { !owners.contains($0) })
    let count = min(some.count, others.count, Self.mostCompared)
    guard count > 1 else { return 0 }
    let (a, b) = (nearest(Array(some.prefix(count))), nearest(Array(others.prefix(count))))
    return max(a, b) > 0 ? min(a, b) / max(a, b) : 0
  }

  private static let mostCompared = 200

  /// The median of the distances to the nearest other one.
  private func nearest(_ samples: [Int]) -> Double {
    let vectors = samples.map { images.pixels[images.pixelRange(of: $0)].map(Float.init) }
    func product(_ a: Int, _ b: Int) -> Double {
      vectors[a].withUnsafeBufferPointer { first in
        vectors[b].withUnsafeBufferPointer { DotProduct.of(first, from: 0, $0) }
      }
    }
    let squares = samples.indices.map { product($0, $0) }
    var least = [Double](repeating: .infinity, count: samples.count)
    for a in samples.indices {
      for b in 0..<a {
        let square = max(squares[a] + squares[b] - 2 * product(a, b), 0)
        (least[a], least[b]) = (min(least[a], square), min(least[b], square))
      }
    }
    return least.sorted()[samples.count / 2].squareRoot()
  }

  /// How strong the high frequencies of images are: their root mean square.
  package func strength(of samples: [Int]) -> Double {
    let sum = samples.reduce(0.0) { sum, index in
      highPass(images.pixels[images.pixelRange(of: index)].map(Double.init)).reduce(sum) { $0 + $1 * $1 }
    }
    return (sum / Double(max(samples.count * images.shape.count, 1))).squareRoot()
  }

  private func pattern(
    of label: Int, _ halves: [[Int]], from first: Set<Int>, _ covariance: WithinClassCovariance
  ) -> SharedPattern? {
    var owners = halves.map { half in half.map(first.contains) }
    var divisions: [Division] = []
    for _ in 0..<Self.mostRounds {
      guard owners.allSatisfy({ isEnough($0) }) else { return nil }
      let differences = zip(halves, owners).map { difference(of: searched, $0, $1) }
      var filters = differences.map { covariance.solved($0).map(Float.init) }
      // By chance one half may begin with those that lack the pattern: by turns each would take over the other's sign.
      if zip(filters[0], differences[1]).reduce(0, { $0 + Double($1.0) * $1.1 }) < 0 {
        filters[1] = filters[1].map { -$0 }
        owners[1] = owners[1].map { !$0 }
      }
      divisions = zip(halves, filters.reversed()).map { half, filter in Division(of: half.map { product($0, filter) }) }
      let found = divisions.map { division in division.values.map { $0 > division.limit } }
      if found == owners { break }
      owners = found
    }
    guard owners.allSatisfy({ isEnough($0) }) else { return nil }
    let members = zip(halves.joined(), divisions.flatMap(\.probabilities)).sorted { $0.0 < $1.0 }
    return SharedPattern(
      label: label, values: highPass(difference(of: images, Array(halves.joined()), Array(owners.joined()))),
      members: members.map(\.0), probabilities: members.map(\.1), separation: divisions.map(\.separation).min() ?? 0)
  }

  /// Whether both clusters have at least a few images.
  private func isEnough(_ owners: [Bool]) -> Bool {
    let count = owners.count { $0 }
    return 2 * min(count, owners.count - count) >= Self.fewest
  }

  /// The difference of the means, `[height, width, channels]`.
  private func difference(of images: ImageSet, _ samples: [Int], _ owners: [Bool]) -> [Double] {
    func mean(_ ofOwners: Bool) -> [Double] {
      images.mean(of: zip(samples, owners).filter { $0.1 == ofOwners }.map(\.0))
    }
    return zip(mean(true), mean(false)).map { $0 - $1 }
  }

  private func product(_ index: Int, _ filter: [Float]) -> Double {
    let start = searched.pixelRange(of: index).lowerBound
    return searched.pixels.withUnsafeBufferPointer { pixels in
      filter.withUnsafeBufferPointer { DotProduct.of(pixels, from: start, $0) }
    }
  }
}

/// Numbers in two clusters, with the least squares within them.
private struct Division {
  let values: [Double]
  /// What is larger is in the upper cluster.
  private(set) var limit = 0.0
  private var (lower, upper) = (0.0, 0.0)
  /// The mean of the variances of both.
  private var variance = 0.0
  private var shareAbove = 0.5

  init(of values: [Double]) {
    self.values = values
    let sorted = values.sorted()
    let total = sorted.reduce(0, +)
    var (below, best) = (0.0, -1.0)
    for (index, value) in sorted.dropLast().enumerated() {
      below += value
      let (few, many) = (Double(index + 1), Double(sorted.count - index - 1))
      let (low, high) = (below / few, (total - below) / many)
      let between = few * many * (high - low) * (high - low)
      // Equal values are in one cluster.
      if between > best && sorted[index + 1] > value { (best, limit, lower, upper) = (between, value, low, high) }
    }
    let (above, rest) = (values.filter { $0 > limit }, values.filter { $0 <= limit })
    shareAbove = Double(above.count) / Double(max(values.count, 1))
    variance = (Self.variance(above, upper) + Self.variance(rest, lower)) / 2
  }

  /// The distance of the clusters in standard deviations.
  var separation: Double { upper > lower ? (upper - lower) / max(variance.squareRoot(), .leastNormalMagnitude) : 0 }

  /// That each value is of the upper cluster, if both are normal with the same variance.
  var probabilities: [Double] {
    let prior = log(shareAbove / max(1 - shareAbove, .leastNormalMagnitude))
    return values.map { value in
      let evidence = (value - (lower + upper) / 2) * (upper - lower) / max(variance, .leastNormalMagnitude)
      return 1 / (1 + exp(-(evidence + prior)))
    }
  }

  private static func variance(_ values: [Double], _ mean: Double) -> Double {
    values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(values.count, 1))
  }
}
