/// Whether something in the images foretells which labels contradict them: a trigger whose label depends on what the
/// image shows ("all to all"), which confusion training cannot find, since whoever forgets the images forgets it too.
///
/// A label contradicts an image where the check network takes it for another class. In good faith that is an honest
/// mistake, a rare view, an image between two classes: a network that is trained to tell such images from others, and
/// is asked about images that it has not seen, is hardly better than chance, where the check network was sure. With a
/// trigger it is nearly always right about those that it is surest of. What it marks is then made purer, pass by pass:
/// the next networks learn what the last ones have marked. Each image is only ever judged by the network that was
/// trained on the other half of the set.
package struct ContradictionRule: Hashable, Sendable {
  /// The share of the images that the check network is surest of: at the most, and at the least.
  package var confidentShare = 0.5
  package var leastConfidentShare = 0.1
  /// Of those so many contradict their label at the most, or a smaller share is taken: from a network that is mostly
  /// wrong nothing follows.
  package var mostContradicted = 0.4
  /// How many of the surest foretold ones are looked at, at the least: a number, and a share of all images.
  package var fewest = 20
  package var fewestShare = 0.004
  /// So many of them must contradict their label, for certain (some 95%), and so much more than chance gives.
  package var foretold = 0.6
  package var beyondUsual = 0.3
  /// The surest foretold images, as long as so many of them contradict their label, are what the second pass learns.
  package var pure = 0.8
  /// From which foretold probability on an image is marked.
  package var threshold = 0.5
  /// The same for the upper end of the estimate.
  package var looseThreshold = 0.2

  package init() {}

  /// Images that the check network is sure of.
  ///
  /// - Parameters:
  ///   - confidences: the probability of the class that it takes each image for, `[count]`.
  ///   - contradicts: whether that is another class than the given one, `[count]`.
  /// - Returns: `[count]`; `nil` where it is wrong about too many to say anything.
  package func confident(_ confidences: [Double], contradicts: [Bool], seed: UInt64) -> [Bool]? {
    let order = Ranking.order(of: confidences, seed: seed).reversed()
    let (most, least) = (size(confidentShare, confidences.count), size(leastConfidentShare, confidences.count))
    var contradicted = 0
    var taken = 0
    for (position, index) in order.prefix(most).enumerated() {
      if contradicts[index] { contradicted += 1 }
      if Double(contradicted) <= mostContradicted * Double(position + 1) { taken = position + 1 }
    }
    guard taken >= max(1, least) else { return nil }
    var isConfident = [Bool](repeating: false, count: confidences.count)
    for index in order.prefix(taken) { isConfident[index] = true }
    return isConfident
  }

  /// - Parameters:
  ///   - scores: the foretold probability of a contradiction, each by a network that has not seen the image, `[count]`.
  ///   - members: the images that count, `[count]`.
  package func evidence(
    _ scores: [Double], contradicts: [Bool], members: [Bool], seed: UInt64
  ) -> ContradictionEvidence {
    let order = Ranking.order(of: scores, seed: seed).reversed().filter { members[$0] }
    let needed = needed(of: scores.count)
    var contradicted = 0
    var (size, found, bound) = (0, 0, 0.0)
    for (position, index) in order.enumerated() {
      if contradicts[index] { contradicted += 1 }
      guard position + 1 >= needed else { continue }
      let lower = Wilson.bounds(Double(contradicted) / Double(position + 1), of: position + 1).lowerBound
      if size == 0 || lower > bound { (size, found, bound) = (position + 1, contradicted, lower) }
    }
    let usual = Double(contradicted) / Double(max(order.count, 1))
    return ContradictionEvidence(
      size: size, contradicted: found, usual: usual,
      isFound: size > 0 && bound >= max(foretold, usual + beyondUsual))
  }

  /// What a pass learns: 1 of images to be marked, 0 of others, `nil` of those that it does not see.
  ///
  /// - Parameters:
  ///   - pass: from 0; the first learns which labels contradict, the others what was marked before.
  ///   - scores: of the pass before, `[count]`; those of the first do not count.
  package func targets(
    pass: Int, scores: [Double], contradicts: [Bool], isConfident: [Bool], seed: UInt64
  ) -> [Int?] {
    switch pass {
    case 0:
      return contradicts.indices.map { isConfident[$0] ? (contradicts[$0] ? 1 : 0) : nil }
    case 1:
      // Of the images that contradict, those that were foretold: among the others there are honest mistakes.
      let limit = purestScore(scores, contradicts: contradicts, members: isConfident, seed: seed)
      return contradicts.indices.map { contradicts[$0] ? (scores[$0] >= limit ? 1 : nil) : 0 }
    case 2:
      return contradicts.indices.map { contradicts[$0] == isMarked(scores[$0]) ? (contradicts[$0] ? 1 : 0) : nil }
    default:
      // The check network may have learned some of the poison by heart.
      return contradicts.indices.map { isMarked(scores[$0]) ? 1 : contradicts[$0] ? nil : 0 }
    }
  }

  /// Whether what is marked in the end still contradicts its labels.
  package func confirms(_ scores: [Double], contradicts: [Bool]) -> Bool {
    let marked = scores.indices.filter { isMarked(scores[$0]) }
    let share = Double(marked.count { contradicts[$0] }) / Double(max(marked.count, 1))
    return marked.count >= needed(of: scores.count)
      && Wilson.bounds(share, of: marked.count).lowerBound >= foretold
  }

  package func isMarked(_ score: Double) -> Bool { score >= threshold }

  /// The lowest score down to which nearly all images contradict their labels.
  private func purestScore(_ scores: [Double], contradicts: [Bool], members: [Bool], seed: UInt64) -> Double {
    var (contradicted, limit) = (0, Double.infinity)
    for (position, index) in Ranking.order(of: scores, seed: seed).reversed().filter({ members[$0] }).enumerated() {
      if contradicts[index] { contradicted += 1 }
      if Double(contradicted) >= pure * Double(position + 1) { limit = scores[index] }
    }
    return limit
  }

  private func needed(of count: Int) -> Int { max(fewest, Int((fewestShare * Double(count)).rounded(.up))) }

  private func size(_ share: Double, _ count: Int) -> Int { Int(share * Double(count) + 1e-9) }
}

/// The images whose labels are most surely foretold to contradict them, and how many do.
package struct ContradictionEvidence: Hashable, Sendable {
  package let size: Int
  package let contradicted: Int
  /// The share among all images that count: what chance would give.
  package let usual: Double
  /// Whether that is more than honest mistakes explain.
  package let isFound: Bool

  package init(size: Int, contradicted: Int, usual: Double, isFound: Bool) {
    self.size = size
    self.contradicted = contradicted
    self.usual = usual
    self.isFound = isFound
  }
}
