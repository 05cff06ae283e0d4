/// Which samples serve as the base of confusion training and of the check network: samples that are likely to
/// be clean, and more of them round by round.
package enum ConfusionBase {
  /// The share of all samples with the lowest scores.
  package static func lowest(_ share: Double, scores: [Double], seed: UInt64) -> [Bool] {
    let order = Ranking.order(of: scores, seed: seed)
    var isBase = [Bool](repeating: false, count: scores.count)
    // Of however few, one: there is no training without a base.
    for index in order.prefix(max(1, count(share, of: scores.count))) { isBase[index] = true }
    return isBase
  }

  /// A base with at least a share of each given class, of the lowest scores: a network that has never seen a
  /// class cannot tell whether its images are easy.
  package static func withEachClass(
    _ share: Double, _ base: [Bool], scores: [Double], labels: [Int], seed: UInt64
  ) -> [Bool] {
    var isBase = base
    let order = Ranking.order(of: scores, seed: seed)
    for members in Dictionary(grouping: order, by: { labels[$0] }).values {
      for index in members.prefix(count(share, of: members.count)) { isBase[index] = true }
    }
    return isBase
  }

  /// A base with no more than a share of each of some classes, of the lowest scores.
  package static func withFew(
    _ share: Double, of classes: [Int], _ base: [Bool], scores: [Double], labels: [Int], seed: UInt64
  ) -> [Bool] {
    var isBase = base
    let order = Ranking.order(of: scores, seed: seed)
    for (label, members) in Dictionary(grouping: order, by: { labels[$0] }) where classes.contains(label) {
      for index in members.dropFirst(count(share, of: members.count)) { isBase[index] = false }
    }
    return isBase
  }

  /// Those whose given label has a probability below a limit.
  package static func below(_ limit: Double, probabilities: [Double]) -> [Bool] {
    probabilities.map { $0 < limit }
  }

  /// In suspect classes a share of the lowest scores; in the others those with a probability below a limit.
  package static func sparing(
    suspects: [Int], share: Double, scores: [Double], below limit: Double, probabilities: [Double],
    labels: [Int], seed: UInt64
  ) -> [Bool] {
    var isBase = below(limit, probabilities: probabilities)
    let order = Ranking.order(of: scores, seed: seed)
    for suspect in suspects {
      let members = order.filter { labels[$0] == suspect }
      let taken = count(share, of: members.count)
      for (position, index) in members.enumerated() { isBase[index] = position < taken }
    }
    return isBase
  }

  /// The classes with the most samples in the share `top` of the highest scores, the lower class first of
  /// equal ones: fewer than half of the classes, as a base that spares most of them has too few samples to confuse the
  /// rest (of 1,000 clean cats and dogs 238 kept their label when both were spared).
  package static func suspects(
    _ count: Int, top: Double, scores: [Double], labels: [Int], seed: UInt64
  ) -> [Int] {
    let count = min(count, (Set(labels).count - 1) / 2)
    let order = Ranking.order(of: scores, seed: seed)
    var sizes: [Int: Int] = [:]
    for index in order.suffix(self.count(top, of: scores.count)) { sizes[labels[index], default: 0] += 1 }
    return sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(count).map(\.key).sorted()
  }

  /// ⌊share · total⌋, for a share that was meant in decimals.
  private static func count(_ share: Double, of total: Int) -> Int { Int(share * Double(total) + 1e-9) }
}
