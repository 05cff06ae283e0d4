/// How well a check network knows what it was trained on.
package struct BaseKnowledge: Hashable, Sendable {
  /// Samples that it was trained on.
  package let count: Int
  /// The share of them that it takes for what they are labelled.
  package let accuracy: Double
  /// The share of their most frequent label, which a network that knows nothing would name.
  package let guessing: Double

  package init(count: Int, accuracy: Double, guessing: Double) {
    self.count = count
    self.accuracy = accuracy
    self.guessing = guessing
  }

  /// - Parameters:
  ///   - isBase: whether it was trained on each sample, `[count]`.
  ///   - predictions, labels: of each sample, `[count]`.
  package init(isBase: [Bool], predictions: [Int], labels: [Int]) {
    let members = isBase.indices.filter { isBase[$0] }
    var sizes: [Int: Int] = [:]
    for index in members { sizes[labels[index], default: 0] += 1 }
    let all = Double(max(members.count, 1))
    self.init(
      count: members.count, accuracy: Double(members.count { predictions[$0] == labels[$0] }) / all,
      guessing: Double(sizes.values.max() ?? 0) / all)
  }

  /// Whether that is surely more than guessing, and enough more to hold anything against a label.
  package var isEnough: Bool {
    count > 0 && accuracy >= min(1.2 * guessing, (1 + guessing) / 2)
      && Wilson.bounds(accuracy, of: count).lowerBound >= guessing
  }
}
