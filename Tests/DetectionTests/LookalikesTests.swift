import Compute
import Detection
import Testing

@Suite struct LookalikesTests {
  private func groups(_ rows: [[Float]], from cosine: Double = 0.95, threads: Int = 1) -> [Int] {
    let features = FloatBuffer(count: rows.count * rows[0].count)
    for (index, value) in rows.joined().enumerated() { features.pointer[index] = value }
    return Lookalikes.groups(
      features: features, count: rows.count, length: rows[0].count, from: cosine, pool: WorkerPool(threads: threads))
  }

  /// By direction from the mean, which is (1, 1) here, whatever the distance; also by way of others.
  @Test func alikeByDirection() {
    let rows: [[Float]] = [[2, 1], [3, 1], [1, 2], [1, 4], [0, 1], [-1, 1], [1, 0], [1, -2]]
    #expect(groups(rows) == [0, 0, 2, 2, 4, 4, 6, 6])
    // 20 degrees apart each, all around.
    let circle: [[Float]] = (0..<18).map { index in
      let angle = Float(index) * .pi / 9
      return [Float(cosine(angle)), Float(cosine(angle - .pi / 2))]
    }
    #expect(groups(circle, from: 0.93) == circle.map { _ in 0 })
    #expect(groups(circle, from: 0.95) == Array(0..<18))
  }

  /// The Taylor series is enough: no library for one function.
  private func cosine(_ angle: Float) -> Double {
    var (sum, term) = (0.0, 1.0)
    for k in 1...40 {
      sum += term
      term *= -Double(angle) * Double(angle) / Double((2 * k - 1) * 2 * k)
    }
    return sum
  }

  /// Against every pair, over more than one tile, with any number of threads.
  @Test(arguments: [1, 2, 3]) func asPairByPair(threads: Int) {
    var stream = RandomStream(seed: 5, purpose: RandomPurpose("lookalikes of a test"))
    var rows = (0..<500).map { _ in (0..<6).map { _ in Float(stream.normal()) } }
    // Copies of a third, nearly.
    for index in stride(from: 0, to: 500, by: 3) where index > 250 {
      rows[index] = rows[index - 251].map { 1.5 * $0 + 0.001 * Float(stream.normal()) }
    }
    let mean = (0..<6).map { k in rows.reduce(0.0) { $0 + Double($1[k]) } / 500 }
    let centred = rows.map { row in row.indices.map { Double(row[$0]) - mean[$0] } }
    func cosine(_ a: [Double], _ b: [Double]) -> Double {
      func product(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
      return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
    }
    var expected = Array(0..<500)
    for a in 0..<500 {
      for b in a + 1..<500 where cosine(centred[a], centred[b]) >= 0.97 && expected[a] != expected[b] {
        let (low, high) = (min(expected[a], expected[b]), max(expected[a], expected[b]))
        for index in expected.indices where expected[index] == high { expected[index] = low }
      }
    }
    #expect(Set(expected).count < 500)
    #expect(groups(rows, from: 0.97, threads: threads) == expected)
  }

  /// Images without features are like none.
  @Test func equalOnes() {
    #expect(groups([[1, 2], [1, 2], [1, 2]]) == [0, 1, 2])
  }

  @Test func halvesKeepGroups() throws {
    // One group of 30, ten of 5, 20 alone.
    let groups = (0..<100).map { $0 < 30 ? 0 : $0 < 80 ? $0 / 5 * 5 : $0 }
    let halves = try #require(Lookalikes.halves(keeping: groups, seed: 1))
    #expect(halves.count { $0 == 0 } == 50 && halves.count { $0 == 1 } == 50)
    for index in 0..<100 { #expect(halves[index] == halves[groups[index]]) }
    #expect(halves == Lookalikes.halves(keeping: groups, seed: 1))
    #expect(halves != Lookalikes.halves(keeping: groups, seed: 2))
    // Of images that are all alone, not by turns, as the classes of a set may come.
    #expect(try #require(Lookalikes.halves(keeping: Array(0..<100), seed: 1)) != (0..<100).map { $0 % 2 })
    // More than three in four are alike.
    #expect(Lookalikes.halves(keeping: (0..<100).map { $0 < 76 ? 0 : $0 }, seed: 1) == nil)
    #expect(Lookalikes.halves(keeping: (0..<100).map { $0 < 75 ? 0 : $0 }, seed: 1) != nil)
  }
}
