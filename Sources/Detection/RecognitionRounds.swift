/// Recognition, round after round (see `RecognitionRule`). The first round learns the surest suspects of each poisoned
/// class. Where it names more, some of the poison had not kept its label, and the next round learns all that is named by
/// then; not where there is no gap between what it names and the rest, as some of the suspects were clean then.
package struct RecognitionRounds {
  private let rule: RecognitionRule
  /// What was found by labels that are kept.
  private let found: Verdict
  /// The given labels, `[count]`.
  private let labels: [Int]
  private let classCount: Int
  private let seed: UInt64
  /// The classes whose core was recognised in some round.
  private var known: [Int] = []

  /// What is named so far.
  package private(set) var verdict: Verdict
  /// The classes that the next round asks about, ascending; none where there is no next one.
  package private(set) var classes: [Int] = []
  /// What its networks learn of each sample (see `RecognitionRule.targets`), and its part of the set, `[count]`.
  package private(set) var targets: [Int?] = []
  package private(set) var parts: [Int] = []
  /// In the classes that were asked about: the probability that a sample is like the core of its label, by the last
  /// round in which that core was recognised, or the first; 0 of others, `[count]`.
  package private(set) var recognized: [Double]
  /// How many rounds have been.
  package private(set) var count = 0

  /// Before the first round.
  ///
  /// - Parameters:
  ///   - found: what was found by labels that are kept.
  ///   - denials: how improbable the given labels are by the check network, `[count]`; empty where none was trained.
  ///   - labels: the given labels, `[count]`.
  ///   - seed: draws the parts.
  package init(
    after found: Verdict, denials: [Double], labels: [Int], classCount: Int, by rule: RecognitionRule, seed: UInt64
  ) {
    self.rule = rule
    self.found = found
    self.labels = labels
    self.classCount = classCount
    self.seed = seed
    verdict = found
    recognized = [Double](repeating: 0, count: labels.count)
    ask(rule.classes(of: found, labels: labels), core: rule.core(of: found, denials: denials, labels: labels))
  }

  /// Classes that were asked about and whose core was not recognised: what was found of them stays.
  package var unknown: [Int] { rule.classes(of: found, labels: labels).filter { !known.contains($0) } }

  /// The state after more networks.
  ///
  /// - Parameter results: of each network, one for each part and round, the probability that a sample of `classes` is
  ///   like the core of its label; 0 of samples that it has learned from, `[count]`. Those of a round that is not
  ///   complete do not count.
  package func adding(_ results: [[Double]]) -> RecognitionRounds {
    var rounds = self
    var rest = results[...]
    while !rounds.classes.isEmpty && rest.count >= rule.parts {
      rounds.finish(Array(rest.prefix(rule.parts)))
      rest = rest.dropFirst(rule.parts)
    }
    return rounds
  }

  private mutating func finish(_ results: [[Double]]) {
    let probabilities = labels.indices.map { index in
      let sum = results.reduce(0) { $0 + $1[index] }
      // What no network has learned from all have judged.
      return parts[index] < 0 ? sum / Double(results.count) : sum
    }
    let now = rule.recognizable(classes, targets: targets, recognized: probabilities, classCount: classCount)
    for index in labels.indices where now.contains(labels[index]) || count == 0 {
      recognized[index] = probabilities[index]
    }
    known = (known + now.filter { !known.contains($0) }).sorted()
    let before = verdict
    verdict = found.naming(recognized: recognized, in: known, labels: labels, by: rule)
    count += 1
    let growing = now.filter {
      rule.asksAgain(
        about: $0, before: before, after: verdict, isFirst: count == 1, targets: targets, recognized: probabilities,
        labels: labels)
    }
    ask(count < rule.mostRounds ? growing : [], core: Set(verdict.named))
  }

  private mutating func ask(_ classes: [Int], core: Set<Int>) {
    self.classes = classes
    targets = rule.targets(
      of: verdict, core: core, classes: classes, recognized: recognized, labels: labels, classCount: classCount)
    parts = rule.parts(of: targets, seed: seed)
  }
}
