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
  /// Of a class that is asked about again, a sample that was recognised with a probability above this one is not
  /// learned as clean: it may be poison whose label was forgotten, and a network that is shown the trigger on both
  /// sides learns which images are which instead. Of clean ones few are above it.
  package var doubtFrom = 0.02
  /// Into so many parts the set is divided; each is judged by a network that has learned from the others.
  package var parts = 2
  /// A class is asked about again while a round names more than before by more than this share, and after the first
  /// one where so many are uncertain.
  package var growth = 0.05
  /// And while of what was learned as clean, and is not named, no larger share is above `doubtFrom`.
  ///
  /// Where some of the core are clean, as where the network has half learned a trigger, there is no gap between what is
  /// recognised and the rest, and each round moves the border on: 151 named, 184, 255, 326, and in the end 463 of a
  /// class of 500 with 250 images of poison (a sinusoid on Fashion-MNIST, seed 507). 20%, 34%, and 49% of what was
  /// learned as clean were doubtful there, and 7% to 9% where 63, 189, 306, 401 and 474 were named, all of them poison,
  /// of 500 (Blend-Strip on CIFAR-10, seed 507). To learn the surest of those that are recognised by themselves moves
  /// the border as well: 348 and then 397 with noise on 250 (CIFAR-10, seed 508).
  package var mostDoubtful = 0.15
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
  /// other suspects, and of those that were recognised a little.
  ///
  /// - Parameters:
  ///   - classes: those that are asked about.
  ///   - recognized: the probability that a sample is like the core of its label, by the round before, `[count]`.
  ///   - labels: the given labels, `[count]`.
  package func targets(
    of verdict: Verdict, core: Set<Int>, classes: [Int], recognized: [Double], labels: [Int], classCount: Int
  ) -> [Int?] {
    var targets = labels.indices.map {
      let isClean = verdict.flags[$0] == .clean && (recognized[$0] <= doubtFrom || !classes.contains(labels[$0]))
      return isClean ? labels[$0] : nil
    }
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

  /// Whether another round may name more of a class, and poison alone.
  ///
  /// - Parameters:
  ///   - before: the verdict before this round, and `after` it.
  ///   - isFirst: whether this round was the first: half of the suspects were learned, and what is uncertain now may be
  ///     named when all are.
  ///   - targets: what was learned, `[count]`.
  ///   - recognized: the probability that a sample is like the core of its label, `[count]`.
  ///   - labels: the given labels, `[count]`.
  func asksAgain(
    about label: Int, before: Verdict, after: Verdict, isFirst: Bool, targets: [Int?], recognized: [Double],
    labels: [Int]
  ) -> Bool {
    func count(_ flag: SampleSplit.Flag, by verdict: Verdict) -> Double {
      Double(labels.indices.count { labels[$0] == label && verdict.flags[$0] == flag })
    }
    let named = count(.poisoned, by: after)
    let isGrowing = named > (1 + growth) * count(.poisoned, by: before)
    guard isGrowing || isFirst && count(.uncertain, by: after) > growth * named else { return false }
    let clean = targets.indices.filter { targets[$0] == label && after.flags[$0] != .poisoned }
    let doubtful = clean.count { recognized[$0] > doubtFrom }
    return Double(doubtful) <= mostDoubtful * Double(clean.count) && clean.count - doubtful >= fewest
  }

  /// Two independent probabilities as one.
  package func joint(_ confidence: Double, _ recognized: Double) -> Double {
    1 / (1 + exp(-Ranking.logit(confidence) - Ranking.logit(recognized)))
  }
}
