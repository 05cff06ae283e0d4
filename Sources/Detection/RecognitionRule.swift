import Compute
import Foundation

/// Which samples of a poisoned class are poison, once it is known to be one: those that networks recognise by what the
/// surest suspects have in common.
///
/// Confusion training keeps labels, of poison by its trigger and of some clean images because they are the plainest
/// of their class; how well a label is kept tells the two apart only roughly. The surest suspects, whose label is kept
/// and denied by the check network, are nearly all poison: they are the core. A network that learns them as a class of
/// its own, beside the one that they are labelled, learns the trigger, since nothing else sets them apart. Every sample
/// is judged by networks that have not seen it. Where they name many more, the suspects were few of the poison: see
/// `RecognitionRounds`.
package struct RecognitionRule: Hashable, Sendable {
  /// The share of a class's named samples that is its core.
  package var coreShare = 0.5
  /// A class with fewer named samples, or fewer clean ones to tell them from, is left as it was.
  package var fewest = 20
  /// Of the core so many must be recognised, each sample by networks that have not seen it, or they have not learned
  /// what it has in common, and the class is left as it was.
  package var leastRecognized = 0.5
  /// From which joint probability on a sample of such a class is named: of its confidence, and of being recognised, as
  /// if each spoke for itself.
  package var threshold = 0.4
  /// The same for the upper end of the estimate, and for being uncertain.
  package var looseThreshold = 0.1
  /// Into so many parts the set is divided; each is judged by a network that has learned from the others.
  package var parts = 2
  /// A class is asked about again while a round names more than before by more than this share.
  ///
  /// Where some of the core are clean, as where the network has half learned a trigger, rounds add by little and little,
  /// and in the end mostly clean images: from 184 named to 301, of which 128 and 167 were poison (a sinusoid on half of
  /// a class of Fashion-MNIST, seed 507).
  package var growth = 0.5
  /// But no more often than that.
  package var mostRounds = 6

  package init() {}

  /// The classes that are asked about, ascending: of poison that was found by labels that are kept.
  ///
  /// - Parameter labels: the given labels, `[count]`.
  package func classes(of verdict: Verdict, labels: [Int]) -> [Int] {
    guard verdict.state == .poisoned else { return [] }
    return verdict.evidence.filter { found in
      (found.state == .poisoned || found.state == .mixed) && found.named >= fewest
        && labels.indices.count { labels[$0] == found.label && verdict.flags[$0] == .clean } >= fewest
    }.map(\.label).sorted()
  }

  /// The samples that are learned first as a class of their own: the surest ones that are named of each class.
  ///
  /// - Parameters:
  ///   - denials: how improbable the given labels are by the check network, `[count]`, or empty.
  ///   - labels: the given labels, `[count]`.
  package func core(of verdict: Verdict, denials: [Double], labels: [Int]) -> Set<Int> {
    let sureness = denials.isEmpty ? verdict.confidences : zip(verdict.confidences, denials).map { joint($0, $1) }
    let named = verdict.named.sorted { (sureness[$1], $0) < (sureness[$0], $1) }
    return Set(
      Dictionary(grouping: named, by: { labels[$0] }).values.flatMap {
        $0.prefix(Int((coreShare * Double($0.count)).rounded(.up)))
      })
  }

  /// What is learned of each sample: its label, or `classCount + k` of the core of the class at `k`, or nothing of
  /// other suspects.
  ///
  /// - Parameters:
  ///   - classes: those that are asked about.
  ///   - labels: the given labels, `[count]`.
  package func targets(
    of verdict: Verdict, core: Set<Int>, classes: [Int], labels: [Int], classCount: Int
  ) -> [Int?] {
    var targets = labels.indices.map { verdict.flags[$0] == .clean ? labels[$0] : nil }
    for (position, label) in classes.enumerated() {
      for index in core where labels[index] == label { targets[index] = classCount + position }
    }
    return targets
  }

  /// Of the classes that were asked about those whose core is recognised.
  ///
  /// - Parameters:
  ///   - targets: what was learned, `[count]`.
  ///   - recognized: the probability that a sample is like the core of its label, `[count]`.
  package func recognizable(
    _ classes: [Int], targets: [Int?], recognized: [Double], classCount: Int
  ) -> [Int] {
    classes.enumerated().filter { position, _ in
      let core = targets.indices.filter { targets[$0] == classCount + position }
      let known = core.count { recognized[$0] > 0.5 }
      return !core.isEmpty && Double(known) >= leastRecognized * Double(core.count)
    }.map(\.element)
  }

  /// The part of each sample, drawn at random within each target; -1 of those without one.
  package func parts(of targets: [Int?], seed: UInt64) -> [Int] {
    var result = [Int](repeating: -1, count: targets.count)
    var taken: [Int: Int] = [:]
    for index in Ranking.order(of: targets.map { _ in 0 }, seed: seed) {
      guard let target = targets[index] else { continue }
      result[index] = taken[target, default: 0] % parts
      taken[target, default: 0] += 1
    }
    return result
  }

  /// Whether a round has named so many more of a class that there may be more still. Where it names others in place of
  /// some, it has told clean images from poison, and another round would learn those it has wrongly named.
  func isGrowing(from before: Int, to after: Int) -> Bool { Double(after) > (1 + growth) * Double(before) }

  /// Two independent probabilities as one.
  package func joint(_ confidence: Double, _ recognized: Double) -> Double {
    1 / (1 + exp(-Ranking.logit(confidence) - Ranking.logit(recognized)))
  }
}
