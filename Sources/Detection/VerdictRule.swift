/// From the probabilities after confusion training and the check network's predictions to a verdict.
///
/// For each given class, the group of samples that are still fitted: if it is large enough, the check network
/// decides whether they are poison or easy images.
package struct VerdictRule: Hashable, Sendable {
  /// What is asked of a group that is large enough.
  package enum Questions: String, CaseIterable, Hashable, Sendable {
    case all
    /// Only what the denied samples look like (`foreignBelow`): whatever is not poison by that is easy.
    case likeness
  }

  package var asks = Questions.all
  /// From which probability on a sample belongs to the group of its class.
  package var threshold = 0.4
  /// How many of the group have a larger probability than this one: at least `fewest`, and at least a share
  /// `fewestShare` of all samples; with a `demand` of 2, twice that.
  package var certainThreshold = 0.5
  package var fewest = 10
  package var fewestShare = 0.002
  package var demand = 1
  /// Agreement of the check network below which a group is poison, and from which on it is easy.
  package var poisonedBelow = 0.45
  /// And below which share of its agreement with the rest of the class, beyond what chance explains (see
  /// `Wilson`), for it may never have learned the class; 1 asks for nothing.
  package var poisonedOfUsual = 0.65
  package var easyFrom = 0.7
  /// With less of the rest of a class than this share the network does not know the class, and denies nothing.
  package var leastUsual = 0.0
  /// A group that the check network does not deny as a whole is nevertheless poison in part if surely so large a share
  /// of it is, and so many as a group must have: the network denies that many more than of the rest of the class. What
  /// is easy it denies less often. 1 asks for nothing: then such groups are easy or doubtful.
  package var mixedFrom = 0.05
  /// From which share on of the group's denied samples that look like what the rest of the class is often taken for,
  /// beyond what chance explains, the group is merely hard to tell: shirts that look like coats. Poison shows what it
  /// was taken from, mostly other things. Of two classes it cannot be told, and the group is poison only if the network
  /// agrees with surely less of it as a whole than `confusableUnless` says. 1 asks for nothing.
  package var confusableFrom = 1.0
  /// But not if the network surely agrees with less than this share of what is usual: that is poison whatever it looks
  /// like. Of a class that it hardly knows it is never sure: of 860 airplanes of a clean set of CIFAR-10 with all faults
  /// (seed 509) it agreed with 18%, and with 4 of 73 that kept their label and looked like birds and ships.
  package var confusableUnless = 0.0
  /// Where surely less than this share of them looks like that, and so many are denied as a group must have, the group is
  /// poison in part, however often the network agrees: it may know the trigger. 0 asks for nothing.
  package var foreignBelow = 0.0
  /// Where the rest of a class has fewer samples than this, their agreement is too uncertain to hold a group
  /// against; a third of what is usual in all classes stands in for it.
  package var fewestForUsual = 200
  /// From which confidence on samples of a poisoned class are named if the check network does not agree.
  package var namingThreshold = 0.4
  /// A group may hold easy images too, whose labels are kept less surely than those of poison. Along it in the order of
  /// confidence, what lies before a change of the agreement is not named if by itself it would not be poison and two
  /// shares of agreement are so much likelier than one (a logarithm). If what lies after it is denied, that is poison,
  /// however large the rest is: the network knows the class, and is surely against those that are kept most surely.
  package var changeGain = 10.0
  /// The same for the upper end of the estimate, and for being uncertain.
  package var looseThreshold = 0.2
  /// The least number of images, and of images of a class, of which anything can be said.
  package var fewestImages = 500
  package var fewestOfClass = 10

  package init() {}

  /// - Parameters:
  ///   - probabilities: of the given label after confusion training, `[count]`.
  ///   - before: those after the rounds before, `[count]`, or empty. In a poisoned class, samples are also named
  ///     by the mean of both (by logit): a single round may lose some of a trigger.
  ///   - predictions: of the check network, `[count]`.
  ///   - labels: the given labels, `[count]`.
  ///   - imagesAreEqual: whether all images are the same one.
  ///   - base: what the check network knows of what it was trained on, where it was.
  ///   - marked: what it takes the rest of a class for with a mark on it that the group has.
  package func verdict(
    probabilities: [Double], before: [Double] = [], predictions: [Int], labels: [Int], classCount: Int,
    imagesAreEqual: Bool = false, base: BaseKnowledge? = nil, marked: MarkedPredictions = MarkedPredictions()
  ) -> Verdict {
    let confidences =
      before.isEmpty
      ? probabilities : zip(probabilities, Ranking.meanByLogit([probabilities, before])).map(max)
    let groups = Groups(self, probabilities, confidences, predictions, labels, classCount, marked)
    let evidence = groups.evidence
    var reasons = reasons(labels: labels, imagesAreEqual: imagesAreEqual, base: base)
    let doubtful = evidence.filter { $0.state == .doubtful }.map(\.label)
    if !doubtful.isEmpty { reasons.append(.doubtfulClasses(doubtful)) }
    let poisoned = evidence.filter(\.state.isPoison)
    if reasons.contains(where: \.isFatal) {
      return Verdict(
        state: .inconclusive, reasons: reasons.filter(\.isFatal), evidence: evidence.map { $0.naming(0) },
        flags: labels.map { _ in .uncertain }, confidences: confidences, countRange: 0...0)
    }
    let named = groups.named(of: poisoned, from: namingThreshold)
    var flags = groups.flags(of: evidence)
    for case .smallClasses(let small, _) in reasons {
      let small = Set(small)
      for index in labels.indices where small.contains(labels[index]) { flags[index] = .uncertain }
    }
    for index in named { flags[index] = .poisoned }
    let fewest = poisoned.reduce(0) { $0 + groups.fewestPoisoned(of: $1) }
    let loose = groups.named(of: poisoned, from: looseThreshold).count
    return Verdict(
      state: !poisoned.isEmpty ? .poisoned : reasons.isEmpty ? .nothingStandsOut : .inconclusive,
      reasons: poisoned.isEmpty ? reasons : [], evidence: evidence, flags: flags,
      confidences: confidences, countRange: min(fewest, named.count)...max(loose, named.count))
  }

  /// The verdict where no image was left for a base: nothing can be said.
  ///
  /// - Parameter probabilities: of the given label after the rounds before, `[count]`.
  package func withoutBase(probabilities: [Double], labels: [Int], imagesAreEqual: Bool) -> Verdict {
    let reasons = reasons(labels: labels, imagesAreEqual: imagesAreEqual, base: nil)
    return Verdict(
      state: .inconclusive, reasons: reasons.filter(\.isFatal) + [.noBase], evidence: [],
      flags: labels.map { _ in .uncertain }, confidences: probabilities, countRange: 0...0)
  }

  private func reasons(labels: [Int], imagesAreEqual: Bool, base: BaseKnowledge?) -> [Verdict.Reason] {
    var sizes: [Int: Int] = [:]
    for label in labels { sizes[label, default: 0] += 1 }
    var reasons: [Verdict.Reason] = []
    if labels.count < fewestImages { reasons.append(.tooFewImages(labels.count, needed: fewestImages)) }
    if sizes.count < 2 { reasons.append(.oneClass) }
    if imagesAreEqual { reasons.append(.equalImages) }
    if let base, sizes.count > 1, !base.isEnough {
      reasons.append(.nothingLearned(accuracy: base.accuracy, guessing: base.guessing))
    }
    let small = sizes.filter { $0.value < fewestOfClass }.keys.sorted()
    if !small.isEmpty { reasons.append(.smallClasses(small, needed: fewestOfClass)) }
    return reasons
  }
}

/// The fitted samples of each class.
private struct Groups {
  let rule: VerdictRule
  let probabilities: [Double]
  let confidences: [Double]
  let predictions: [Int]
  /// Those with a mark where the rest of a class has one on it, or else `predictions`.
  let restPredictions: [Int]
  let marks: [Int: Double]
  let labels: [Int]
  let members: [[Int]]
  /// At least so often the check network agrees with samples that are not fitted, of whatever class.
  let leastOverall: Double

  init(
    _ rule: VerdictRule, _ probabilities: [Double], _ confidences: [Double], _ predictions: [Int],
    _ labels: [Int], _ classCount: Int, _ marked: MarkedPredictions
  ) {
    self.rule = rule
    self.probabilities = probabilities
    self.confidences = confidences
    self.predictions = predictions
    restPredictions = predictions.indices.map { marked.predictions[$0] ?? predictions[$0] }
    marks = marked.shares
    self.labels = labels
    var members = [[Int]](repeating: [], count: classCount)
    for (index, label) in labels.enumerated() { members[label].append(index) }
    self.members = members
    let rest = labels.indices.filter { probabilities[$0] <= rule.threshold }
    let agreeing = rest.count { predictions[$0] == labels[$0] }
    leastOverall = Wilson.bounds(Double(agreeing) / Double(max(rest.count, 1)), of: rest.count).lowerBound
  }

  var evidence: [ClassEvidence] {
    let share = Int((rule.fewestShare * Double(labels.count)).rounded(.up))
    let needed = rule.demand * max(rule.fewest, share)
    return members.indices.compactMap { label in
      let group = members[label].filter { probabilities[$0] > rule.threshold }
      guard !group.isEmpty else { return nil }
      let rest = members[label].filter { probabilities[$0] <= rule.threshold }
      func evidence(of state: ClassEvidence.State) -> ClassEvidence {
        ClassEvidence(
          label: label, size: members[label].count, groupSize: group.count,
          certainSize: group.count { probabilities[$0] > rule.certainThreshold },
          agreement: agreement(of: group), usualAgreement: usualAgreement(of: rest), state: state, named: 0,
          mark: marks[label] ?? 0)
      }
      var found = evidence(of: .few)
      guard found.certainSize >= needed else { return found }
      found = evidence(of: state(of: found, group: group, rest: rest, needed: needed))
      return found.naming(named(of: [found], from: rule.namingThreshold).count)
    }
  }

  /// What a group that is large enough is.
  private func state(
    of found: ClassEvidence, group: [Int], rest: [Int], needed: Int
  ) -> ClassEvidence.State {
    func denied(_ part: [Int]) -> Int {
      part.count { predictions[$0] != found.label && probabilities[$0] > rule.certainThreshold }
    }
    let (agreement, usual) = (found.agreement, found.usualAgreement)
    let isKnown = usual >= rule.leastUsual
    let (bounds, floor) = (Wilson.bounds(agreement, of: group.count), self.floor(of: found))
    let leastUsual = Wilson.bounds(usual, of: rest.count).lowerBound
    let isSurelyLess = bounds.upperBound < leastUsual
    // A network that is wrong more often with the mark of the group does not know it as a trigger, and agrees with no poison.
    let isExplained = found.mark > 0 && !isSurelyLess
    let isForeign =
      isKnown && !isExplained && denied(group) >= needed && self.isForeign(group, as: rest, found.label)
    if rule.asks == .likeness { return isForeign ? .mixed : .easy }
    // Easy images are taken for what they are labelled no less often than the rest of their class.
    let isLess = isSurelyLess || bounds.upperBound < floor
    let isUnusual = rule.poisonedOfUsual >= 1 || agreement < rule.poisonedOfUsual * max(usual, floor) && isLess
    let canTellLikeness = canTellLikeness(to: rest, found.label)
    func isHardToTell(_ part: [Int]) -> Bool {
      let most = Wilson.bounds(self.agreement(of: part), of: part.count).upperBound
      return most >= rule.confusableUnless * max(leastUsual, floor)
        && (!canTellLikeness || self.isConfusable(part, as: rest, found.label))
    }
    let isConfusable = isHardToTell(group)
    if agreement < rule.poisonedBelow && isUnusual && isKnown && !isConfusable { return .poisoned }
    if isKnown, canTellLikeness, let surer = surer(of: group), denied(surer) >= needed,
      self.agreement(of: surer) < rule.poisonedBelow, !isHardToTell(surer)
    {
      return .poisoned
    }
    let fewest = found.fewestPoisoned(of: group.count, agreeing: agreement, floor: floor)
    let isMixed = rule.mixedFrom < 1 && Double(fewest) >= rule.mixedFrom * Double(group.count)
    if isMixed && isKnown && min(fewest, denied(group)) >= needed && !isConfusable { return .mixed }
    if isForeign { return .mixed }
    // A network that is often wrong about a class agrees with few of its easy images: about as many as usual, and
    // surely more than with poison, are enough.
    let isUsual =
      !isSurelyLess && !rest.isEmpty
      && bounds.lowerBound >= max(rule.poisonedOfUsual * usual, rule.poisonedBelow) / 2
    if agreement >= rule.easyFrom || isUsual { return .easy }
    return isConfusable && canTellLikeness ? .confusable : .doubtful
  }

  /// How often the check network agrees with a class at the least, where so few samples of it are not fitted that they
  /// do not tell: with many classes there are few of each. Of a class with a mark on it, nothing is known but these.
  func floor(of found: ClassEvidence) -> Double {
    found.mark == 0 && found.size - found.groupSize < rule.fewestForUsual ? leastOverall / 3 : 0
  }

  /// Where the denied samples of the rest of a class are often taken for each of the others, as of two classes always,
  /// and of three mostly, what a denied sample looks like tells nothing.
  private func canTellLikeness(to rest: [Int], _ label: Int) -> Bool {
    guard rule.confusableFrom < 1 else { return true }
    let others = members.indices.filter { $0 != label && !members[$0].isEmpty }
    // Of too few it is not known what they are taken for.
    if others.count > 1 && usualMistakes(of: rest, label).count < rule.fewest { return true }
    let often = oftenMistaken(rest, label)
    return others.contains { !often.contains($0) }
  }

  /// What the denied ones of some samples of a class are taken for.
  private func mistakes(of samples: [Int], _ label: Int) -> [Int] {
    samples.map { predictions[$0] }.filter { $0 != label }
  }

  /// The same of the rest of the class.
  private func usualMistakes(of rest: [Int], _ label: Int) -> [Int] {
    rest.map { restPredictions[$0] }.filter { $0 != label }
  }

  /// What the denied samples of the rest of a class are often taken for: as often as if they were spread evenly over
  /// all other classes, or over nine where there are fewer, or more often.
  ///
  /// Of three classes, one of the two others is taken for less often than the other, by however little.
  private func oftenMistaken(_ rest: [Int], _ label: Int) -> Set<Int> {
    let mistakes = usualMistakes(of: rest, label)
    var counts = [Int](repeating: 0, count: members.count)
    for taken in mistakes { counts[taken] += 1 }
    let others = members.count { !$0.isEmpty } - 1
    return Set(counts.indices.filter { $0 != label && counts[$0] * max(others, 9) >= mistakes.count })
  }

  /// Whether the check network takes the denied samples of a group mostly for classes that it often takes the denied
  /// ones of the rest for.
  private func isConfusable(_ group: [Int], as rest: [Int], _ label: Int) -> Bool {
    guard rule.confusableFrom < 1, let alike = alike(group, as: rest, label) else { return false }
    return alike.lowerBound >= rule.confusableFrom
  }

  /// Whether it takes them mostly for others.
  private func isForeign(_ group: [Int], as rest: [Int], _ label: Int) -> Bool {
    guard rule.foreignBelow > 0, let alike = alike(group, as: rest, label) else { return false }
    return alike.upperBound < rule.foreignBelow
  }

  /// Of the denied samples of a group the share that is taken for what those of the rest are often taken for; `nil`
  /// where it cannot be told.
  private func alike(_ group: [Int], as rest: [Int], _ label: Int) -> ClosedRange<Double>? {
    let denied = mistakes(of: group, label)
    guard members.count(where: { !$0.isEmpty }) > 2, !denied.isEmpty,
      usualMistakes(of: rest, label).count >= rule.fewest
    else { return nil }
    let often = oftenMistaken(rest, label)
    let alike = denied.count { often.contains($0) }
    return Wilson.bounds(Double(alike) / Double(denied.count), of: denied.count)
  }

  private func agreement(of indices: [Int]) -> Double {
    guard !indices.isEmpty else { return 0 }
    return Double(indices.count { predictions[$0] == labels[$0] }) / Double(indices.count)
  }

  private func usualAgreement(of rest: [Int]) -> Double {
    guard !rest.isEmpty else { return 0 }
    return Double(rest.count { restPredictions[$0] == labels[$0] }) / Double(rest.count)
  }

  /// The poison of some classes: of each group what is surer than its easy images, and below the group what the check
  /// network does not agree with. Where no easy images can be told from the rest of a mixed group, those that the check
  /// network agrees with are not named.
  func named(of poisoned: [ClassEvidence], from threshold: Double) -> [Int] {
    poisoned.filter(\.state.isPoison).flatMap { found in
      let suspects = members[found.label].filter { index in
        probabilities[index] > max(rule.threshold, threshold)
          || predictions[index] != found.label && confidences[index] > threshold
      }
      let surer = surer(of: suspects)
      let isPoison = surer.map { agreement(of: $0) < rule.poisonedBelow } ?? (found.state == .poisoned)
      return (surer ?? suspects).filter { isPoison || predictions[$0] != found.label }
    }
  }

  /// How many are poison at the least, of a group or of what is surer in it.
  func fewestPoisoned(of found: ClassEvidence) -> Int {
    let group = members[found.label].filter { probabilities[$0] > rule.threshold }
    let part = surer(of: group) ?? group
    return found.fewestPoisoned(
      of: part.count, agreeing: agreement(of: part), floor: floor(of: found))
  }

  /// Suspects but for those that are less sure than the others and that the check network mostly agrees with; `nil`
  /// where its agreement does not change like that, or is not asked about.
  private func surer(of suspects: [Int]) -> [Int]? {
    guard rule.asks == .all else { return nil }
    let ordered = suspects.sorted { (confidences[$0], $0) < (confidences[$1], $1) }
    guard let change = AgreementChange(along: ordered.map { predictions[$0] == labels[$0] }, fewest: rule.fewest),
      change.gain >= rule.changeGain, change.agreement >= rule.poisonedBelow
    else { return nil }
    let least = confidences[ordered[change.count]]
    return suspects.filter { confidences[$0] >= least }
  }

  /// What is neither named nor suspect is clean. Of doubtful and confusable classes and those with a small group, the
  /// group is uncertain, but for small ones where only likeness is asked about; of poisoned ones, all that is above the
  /// threshold for the upper end of the estimate.
  func flags(of evidence: [ClassEvidence]) -> [SampleSplit.Flag] {
    var flags = [SampleSplit.Flag](repeating: .clean, count: labels.count)
    for found in evidence {
      let limit: Double
      switch found.state {
      case .easy: continue
      case .few where rule.asks == .likeness: continue
      case .few, .confusable, .doubtful: limit = rule.threshold
      case .mixed, .poisoned, .recognized, .foretold, .triggered: limit = rule.looseThreshold
      }
      let values = found.state.isPoison ? confidences : probabilities
      for index in members[found.label] where values[index] > limit { flags[index] = .uncertain }
    }
    return flags
  }
}
