import Networks

/// A number from 0 to 1 for every channel of a network's batch normalisations, by which channels are pruned.
package struct ChannelMasks: Hashable, Sendable {
  /// PyTorch's names of the normalisations.
  package let names: [String]
  /// By normalisation, `[channels]`.
  package let values: [[Float]]

  package init(names: [String], values: [[Float]]) {
    precondition(names.count == values.count)
    (self.names, self.values) = (names, values)
  }

  /// The thresholds that are tried, ascending: 0, 0.05, … 0.9.
  package static let thresholds: [Double] = (0...18).map { 0.05 * Double($0) }

  package var channelCount: Int { values.reduce(0) { $0 + $1.count } }

  /// How many channels have a mask of at most `threshold`.
  package func prunedCount(at threshold: Double) -> Int {
    values.reduce(0) { $0 + $1.count { Double($0) <= threshold } }
  }

  /// Prunes all channels whose mask is at most `threshold`: their scale becomes 0, their shift stays.
  ///
  /// - Parameter network: the one whose normalisations these are.
  package func prune(_ network: Network, at threshold: Double) {
    for (normalization, mask) in zip(network.normalizations, values) {
      for (c, value) in mask.enumerated() where Double(value) <= threshold {
        normalization.scale.values.pointer[c] = 0
      }
    }
  }
}

/// How the threshold of a pruning is chosen.
package enum PruningRule {
  /// What a network does when it is pruned at a threshold.
  package struct Trial: Hashable, Sendable {
    package let threshold: Double
    package let accuracy: Double
    /// Of triggered test images; `nil` where nobody looked.
    package let attackSuccess: Double?

    package init(threshold: Double, accuracy: Double, attackSuccess: Double? = nil) {
      (self.threshold, self.accuracy, self.attackSuccess) = (threshold, accuracy, attackSuccess)
    }
  }

  /// The largest threshold that costs no more than a share of the accuracy that was there before.
  package static func largest(of trials: [Trial], accuracy: Double, tolerance: Double) -> Trial? {
    trials.filter { $0.accuracy >= (1 - tolerance) * accuracy }.max { $0.threshold < $1.threshold }
  }

  /// Of the thresholds that cost no more than that, the one with the least success of the attack; the
  /// smallest of several.
  package static func leastAttackSuccess(
    of trials: [Trial], accuracy: Double, tolerance: Double
  ) -> Trial? {
    trials.filter { $0.accuracy >= (1 - tolerance) * accuracy && $0.attackSuccess != nil }
      .min { ($0.attackSuccess ?? 1, $0.threshold) < ($1.attackSuccess ?? 1, $1.threshold) }
  }
}
