import Compute
import Synchronization

/// Groups of images that a network takes for nearly the same: near duplicates, frames of one film, mirrored copies.
///
/// Where one half of a set is to be judged by what the other half teaches, such images must not be divided: what was
/// learned of one by heart is known of all.
package enum Lookalikes {
  /// The cosine of two images' features, less the mean of all, from which on they are alike. Of 5,000 images of CIFAR-10
  /// a fifth have another that is, of near duplicates more than half (measured without the mirror images).
  package static let usualCosine = 0.95

  private static let (rowsOfTile, columnsOfTile) = (128, 4096)

  /// The group of each image, `[count]`: the lowest number of an image in it. Alike are also images that are so by way
  /// of others.
  ///
  /// - Parameter features: `[count, length]`.
  package static func groups(
    features: FloatBuffer, count: Int, length: Int, from cosine: Double = usualCosine, pool: WorkerPool
  ) -> [Int] {
    precondition(features.count >= count * length, "a feature vector per image")
    guard count > 0, length > 0 else { return Array(0..<count) }
    let directions = directions(features, count: count, length: length)
    let limit = Float(cosine)
    let groups = Mutex(DisjointSets(count: count))
    let blocks = Blocks(count, ofAtMost: rowsOfTile)
    let scratch = FloatBuffer(count: pool.threads * rowsOfTile * columnsOfTile)
    pool.run(blocks.blockCount) { block, worker in
      let rows = blocks[block]
      let tile = scratch.pointer + worker * rowsOfTile * columnsOfTile
      // Each pair once.
      for start in stride(from: rows.lowerBound, to: count, by: columnsOfTile) {
        let width = min(columnsOfTile, count - start)
        MatrixProduct.multiply(
          rows: rows.count, columns: width, inner: length, directions.pointer + rows.lowerBound * length,
          stride: length, directions.pointer + start * length, stride: length, into: tile, stride: columnsOfTile,
          transposingSecond: true)
        var found: [(Int, Int)] = []
        for row in rows {
          let line = tile + (row - rows.lowerBound) * columnsOfTile
          for column in 0..<width where line[column] >= limit && start + column > row {
            found.append((row, start + column))
          }
        }
        groups.withLock { groups in found.forEach { groups.join($0, $1) } }
      }
    }
    return groups.withLock { groups in (0..<count).map { groups.representative(of: $0) } }
  }

  /// Halves of a set of about equal size that no group is divided between, `[count]`.
  ///
  /// - Parameter groups: the group of each image, `[count]`.
  /// - Returns: 0 or 1 for each image; `nil` where the smaller half would have less than a quarter of the images.
  package static func halves(keeping groups: [Int], seed: UInt64) -> [Int]? {
    var members: [Int: [Int]] = [:]
    for (index, group) in groups.enumerated() { members[group, default: []].append(index) }
    var stream = RandomStream(seed: seed, purpose: RandomPurpose("halves of lookalikes"))
    let ascending = members.keys.sorted()
    let order = stream.permutation(of: ascending.count).enumerated().map { (position: $0, group: ascending[$1]) }
    // The largest first, each to the smaller half.
    let sorted = order.sorted {
      let (a, b) = (members[$0.group]?.count ?? 0, members[$1.group]?.count ?? 0)
      return (b, $0.position) < (a, $1.position)
    }
    var halves = [Int](repeating: 0, count: groups.count)
    var sizes = [0, 0]
    for (_, group) in sorted {
      let half = sizes[1] < sizes[0] ? 1 : 0
      for index in members[group] ?? [] { halves[index] = half }
      sizes[half] += members[group]?.count ?? 0
    }
    return 4 * min(sizes[0], sizes[1]) >= groups.count ? halves : nil
  }

  /// Each image's features less the mean of all, with a length of one, `[count, length]`; zero where they have none.
  private static func directions(_ features: FloatBuffer, count: Int, length: Int) -> FloatBuffer {
    var mean = [Double](repeating: 0, count: length)
    for index in 0..<count {
      for k in 0..<length { mean[k] += Double(features.pointer[index * length + k]) / Double(count) }
    }
    let result = FloatBuffer(count: count * length)
    for index in 0..<count {
      let (from, to) = (features.pointer + index * length, result.pointer + index * length)
      var square = 0.0
      for k in 0..<length { square += (Double(from[k]) - mean[k]) * (Double(from[k]) - mean[k]) }
      let factor = square > 0 ? 1 / square.squareRoot() : 0
      for k in 0..<length { to[k] = Float((Double(from[k]) - mean[k]) * factor) }
    }
    return result
  }
}

/// Sets that are joined, each known by its lowest member.
private struct DisjointSets {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func representative(of member: Int) -> Int {
    var place = member
    while parents[place] != place {
      parents[place] = parents[parents[place]]
      place = parents[place]
    }
    return place
  }

  mutating func join(_ a: Int, _ b: Int) {
    let (first, second) = (representative(of: a), representative(of: b))
    parents[max(first, second)] = min(first, second)
  }
}
