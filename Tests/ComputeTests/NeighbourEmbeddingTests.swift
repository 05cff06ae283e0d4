import Compute
import Foundation
import Testing

@Suite struct NeighbourEmbeddingTests {
  /// Normal points around five centres that are ten deviations apart in each of eight dimensions at random.
  private func clusters(of size: Int) -> [Double] {
    (0..<5).flatMap { cluster in
      var centre = RandomStream(seed: 3, purpose: RandomPurpose("centre"), sample: cluster)
      let place = (0..<8).map { _ in 10 * centre.normal() }
      var stream = RandomStream(seed: 3, purpose: RandomPurpose("point"), sample: cluster)
      return (0..<size).flatMap { _ in place.map { $0 + stream.normal() } }
    }
  }

  private func pool(_ threads: Int) -> WorkerPool { WorkerPool(threads: threads) }

  /// The nearest neighbours of every point are of its cluster, and clusters do not overlap.
  @Test func keepsClustersApart() throws {
    let size = 31
    let result = NeighbourEmbedding(perplexity: 10, steps: 500)(clusters(of: size), length: 8, pool: pool(2)) { _ in }
    let points = result.points
    try #require(points.count == 2 * 5 * size && points.allSatisfy(\.isFinite))
    func distance(_ i: Int, _ j: Int) -> Double {
      let (dx, dy) = (points[2 * i] - points[2 * j], points[2 * i + 1] - points[2 * j + 1])
      return dx * dx + dy * dy
    }
    for i in 0..<(5 * size) {
      let others = (0..<(5 * size)).filter { $0 != i }.sorted { distance(i, $0) < distance(i, $1) }
      #expect(others.prefix(5).allSatisfy { $0 / size == i / size }, "\(i)")
    }
    let mean = points.indices.filter { $0 % 2 == 0 }.reduce(0) { $0 + points[$1] }
    #expect(abs(mean) < 1e-9 * Double(points.count))
  }

  /// scikit-learn 1.9.1 has 0.3196 for the same rows (exact method, from principal components), and 0.3244 from a
  /// random start.
  @Test func divergenceIsThatOfOthers() {
    let rows = (0..<(300 * 8)).map { k in
      let (row, column) = k.quotientAndRemainder(dividingBy: 8)
      return 2 * sin(3.7 * Double(row / 60 + 1) * Double(column + 1)) + sin(Double(k * k % 9973))
    }
    let early = NeighbourEmbedding(steps: 5)(rows, length: 8, pool: pool(2)) { _ in }.divergence
    let late = NeighbourEmbedding()(rows, length: 8, pool: pool(2)) { _ in }.divergence
    #expect(early > 1)
    #expect(abs(late - 0.3196) < 0.02, "\(late)")
  }

  @Test(arguments: [2, 3, 5]) func anyNumberOfThreads(_ threads: Int) {
    let rows = clusters(of: 21)
    let embedding = NeighbourEmbedding(perplexity: 12, steps: 60, seed: 4)
    let alone = embedding(rows, length: 8, pool: pool(1)) { _ in }.points
    let together = embedding(rows, length: 8, pool: pool(threads)) { _ in }.points
    #expect(together == alone)
  }

  /// Points that are the same, few, or in few dimensions.
  @Test(arguments: [(0, 4), (1, 4), (2, 4), (3, 1), (40, 1)]) func ofLittle(_ count: Int, _ length: Int) {
    for rows in [
      [Double](repeating: 7, count: count * length), (0..<(count * length)).map { Double($0 % 5) },
    ] {
      var steps = 0
      let result = NeighbourEmbedding(steps: 40)(rows, length: length, pool: pool(2)) { steps = $0 }
      #expect(result.points.count == 2 * count)
      #expect(result.points.allSatisfy(\.isFinite) && result.divergence.isFinite)
      #expect(steps == (count > 1 ? 40 : 0))
    }
  }

  @Test func stops() {
    struct Stopped: Error {}
    #expect(throws: Stopped.self) {
      _ = try NeighbourEmbedding()(clusters(of: 4), length: 8, pool: pool(1)) { step in
        if step == 3 { throw Stopped() }
      }
    }
  }
}
