import Detection
import Testing

/// The rule on numbers made by hand: 1,000 samples in ten classes of 100.
@Suite struct VerdictRuleTests {
  private var labels: [Int] { (0..<1000).map { $0 / 100 } }

  /// A verdict on samples that have lost their labels, and whom the check network takes for what they are
  /// labelled, but for some.
  private func verdict(
    _ rule: VerdictRule = VerdictRule(), labels: [Int]? = nil, fitted: [Int: Double],
    others: [Int: Int] = [:], imagesAreEqual: Bool = false, accuracy: Double = 0.6,
    guessing: Double = 0.1
  ) -> Verdict {
    let labels = labels ?? self.labels
    return rule.verdict(
      probabilities: labels.indices.map { fitted[$0] ?? 0.05 },
      predictions: labels.indices.map { others[$0] ?? labels[$0] }, labels: labels, classCount: 10,
      imagesAreEqual: imagesAreEqual,
      base: BaseKnowledge(count: 1000, accuracy: accuracy, guessing: guessing))
  }

  private func fitted(_ range: Range<Int>, _ probability: Double) -> [Int: Double] {
    Dictionary(uniqueKeysWithValues: range.map { ($0, probability) })
  }

  private func taken(_ range: Range<Int>, for label: Int) -> [Int: Int] {
    Dictionary(uniqueKeysWithValues: range.map { ($0, label) })
  }

  @Test func nothingIsFitted() {
    let found = verdict(fitted: [:])
    #expect(found.state == .nothingStandsOut)
    #expect(found.evidence.isEmpty && found.named.isEmpty && found.reasons.isEmpty)
    #expect(found.flags.allSatisfy { $0 == .clean })
  }

  @Test func withoutABase() {
    let found = VerdictRule().withoutBase(
      probabilities: labels.map { _ in 0.9 }, labels: labels, imagesAreEqual: false)
    #expect(found.state == .inconclusive && found.reasons == [.noBase])
    #expect(found.flags.allSatisfy { $0 == .uncertain } && found.named.isEmpty)
    let few = VerdictRule().withoutBase(probabilities: [0.9], labels: [0], imagesAreEqual: true)
    #expect(few.reasons == [.tooFewImages(1, needed: 500), .oneClass, .equalImages, .noBase])
  }

  /// Fitted, and taken for other classes: poison. Samples of the class that are a little fitted are named if the
  /// check network disagrees, and uncertain otherwise.
  @Test func aGroupThatTheCheckNetworkTakesForOthers() {
    var rule = VerdictRule()
    rule.namingThreshold = 0.25
    let found = verdict(
      rule, fitted: fitted(300..<320, 0.9).merging(fitted(320..<330, 0.3)) { $1 },
      others: taken(300..<325, for: 7))
    #expect(found.state == .poisoned)
    #expect(found.named == Array(300..<325))
    #expect((325..<330).allSatisfy { found.flags[$0] == .uncertain })
    #expect(found.flags.count { $0 == .clean } == 970)
    // The check network agrees with none of the group of 20: 17% at most. With 75 of the 80 others, 86% at least: at
    // most 0.17 / 0.86 of the 20 are clean, which is 4.
    #expect(found.countRange == 16...25)
    let evidence = found.evidence[0]
    #expect(found.evidence.count == 1)
    #expect(evidence.label == 3 && evidence.size == 100 && evidence.groupSize == 20)
    #expect(evidence.certainSize == 20 && evidence.agreement == 0 && evidence.named == 25)
    #expect(evidence.usualAgreement == 75.0 / 80)
    #expect(evidence.state == .poisoned)
  }

  /// What rounds before kept counts half, by logit, and only in classes that are poisoned.
  @Test func roundsBeforeHelpToName() {
    let labels = labels
    var after = labels.map { _ in 0.05 }
    var before = after
    for index in 300..<320 { after[index] = 0.9 }
    for index in 320..<325 { (after[index], before[index]) = (0.2, 0.9) }
    for index in 500..<525 { (after[index], before[index]) = (0.2, 0.9) }
    let predictions = labels.indices.map { 300..<323 ~= $0 || 500..<525 ~= $0 ? 1 : labels[$0] }
    let found = VerdictRule().verdict(
      probabilities: after, before: before, predictions: predictions, labels: labels, classCount: 10)
    #expect(found.named == Array(300..<323))
    // (logit 0.2 + logit 0.9) / 2 is that of 0.6.
    #expect(abs(found.confidences[320] - 0.6) < 1e-5 && found.confidences[300] == 0.9)
    #expect(found.flags[323] == .uncertain && found.flags[500] == .clean)
  }

  /// The surest first, ties in the order of the set.
  @Test func namedAreOrdered() {
    var probabilities = fitted(300..<310, 0.7)
    probabilities[304] = 0.95
    probabilities[308] = 0.55
    let found = verdict(fitted: probabilities, others: taken(300..<310, for: 1))
    #expect(found.named == [304, 300, 301, 302, 303, 305, 306, 307, 309, 308])
  }

  @Test(arguments: [(0.44, VerdictRuleTests.poisoned), (0.46, .doubtful), (0.68, .doubtful), (0.7, .easy)])
  func agreementDecides(agreement: Double, state: ClassEvidence.State) {
    let disagreeing = 50 - Int(agreement * 50 + 0.5)
    let found = verdict(
      unmixed, fitted: fitted(300..<350, 0.8), others: taken(300..<(300 + disagreeing), for: 1))
    #expect(found.evidence.map(\.state) == [state])
    switch state {
    case .poisoned: #expect(found.state == .poisoned && found.named.count == 50)
    case .easy: #expect(found.state == .nothingStandsOut && found.flags.allSatisfy { $0 == .clean })
    default:
      #expect(found.state == .inconclusive && found.reasons == [.doubtfulClasses([3])])
      #expect(found.flags.count { $0 == .uncertain } == 50 && found.named.isEmpty)
    }
  }

  private static let poisoned = ClassEvidence.State.poisoned

  /// Of a group that is mostly denied, what is less sure and mostly agreed with is not named, denied or not; what is
  /// agreed with among the surer ones is.
  @Test func easyImagesInAPoisonedGroup() {
    func found(_ rule: VerdictRule = VerdictRule(), agreed: Set<Int>) -> Verdict {
      // 40 with 0.9, two of them agreed with; before them 20 less sure ones, every fifth alike.
      var probabilities = fitted(300..<340, 0.9)
      var others = taken(300..<338, for: 7)
      for index in 0..<20 {
        probabilities[340 + index] = 0.5 + Double(index) / 100
        if !agreed.contains(index % 5) { others[340 + index] = 7 }
      }
      return verdict(rule, fitted: probabilities, others: others)
    }
    let surer = found(agreed: [1, 2, 3, 4])
    #expect(surer.evidence.map(\.state) == [.poisoned] && surer.evidence[0].groupSize == 60)
    #expect(surer.named.sorted() == Array(300..<340) && surer.evidence[0].named == 40)
    #expect((340..<360).allSatisfy { surer.flags[$0] == .uncertain })
    // By hand: 8 of 19 and 2 of 41 for 10 of 60 is a gain of 6.1; 16 of 20 and 2 of 40 for 18 of 60 one of 18.7.
    #expect(found(agreed: [1, 3]).named.count == 60)
    var rule = VerdictRule()
    rule.changeGain = 20
    #expect(found(rule, agreed: [1, 2, 3, 4]).named.count == 60)
  }

  /// Easy images and fewer poisoned ones, which are kept more surely: the group as a whole is easy.
  @Test func poisonThatIsKeptMoreSurely() {
    func found(_ rule: VerdictRule = VerdictRule(), poisoned: Int, of confidence: Double = 0.95) -> Verdict {
      var probabilities = fitted(300..<300 + poisoned, confidence)
      for index in 0..<50 { probabilities[340 + index] = 0.5 + Double(index) / 200 }
      return verdict(rule, fitted: probabilities, others: taken(300..<300 + poisoned, for: 7))
    }
    let few = found(poisoned: 12)
    #expect(few.evidence.map(\.state) == [.poisoned] && few.named.sorted() == Array(300..<312))
    #expect(few.evidence[0].agreement == 50.0 / 62)
    // By hand: of 12 none is at most 0.25; of the 38 others all are right, at least 0.905.
    #expect(few.countRange == 8...12)
    // As surely kept as the easy ones it is not to be told from them; and of fewer than ten nothing is said.
    #expect(found(poisoned: 12, of: 0.6).named.isEmpty)
    #expect(found(poisoned: 9).named.isEmpty)
    var rule = VerdictRule()
    rule.changeGain = 40
    #expect(found(rule, poisoned: 12).named.isEmpty)
  }

  /// Easy images and poison in one class: the check network denies more of the group than of the rest, and those are
  /// named.
  @Test func easyImagesAndPoison() {
    /// Of a class of 100 a group of 60, of which some are denied, and of the others as many as that.
    func found(_ rule: VerdictRule = VerdictRule(), denied: Int, usually: Int = 1) -> Verdict {
      verdict(
        rule, fitted: fitted(300..<360, 0.9).merging(fitted(390..<393, 0.3)) { $1 },
        others: taken(300..<300 + denied, for: 7).merging(taken(360..<360 + usually, for: 2)) { $1 }
          .merging(taken(390..<392, for: 7)) { $1 })
    }
    // Of the rest 37 of 40 are right, at least 0.798. 37 of 60 are at most 0.731, which leaves five poisoned images for
    // sure; 31 at most 0.641, which leaves eleven.
    #expect(found(denied: 23).evidence.map(\.state) == [.doubtful])
    let mixed = found(denied: 29)
    #expect(mixed.state == .poisoned && mixed.evidence.map(\.state) == [.mixed] && mixed.evidence[0].named == 29)
    #expect(mixed.named == Array(300..<329) && mixed.reasons.isEmpty)
    // The easy ones may be poison as well, and so may what is fitted a little.
    #expect((329..<360).allSatisfy { mixed.flags[$0] == .uncertain })
    #expect((390..<393).allSatisfy { mixed.flags[$0] == .uncertain })
    #expect(mixed.flags.count { $0 == .clean } == 1000 - 63)
    #expect(mixed.countRange == 11...31)
    // A network that is as often wrong about the rest says nothing.
    #expect(found(denied: 29, usually: 18).evidence.map(\.state) == [.easy])
    #expect(found(unmixed, denied: 29).evidence.map(\.state) == [.doubtful])
    var share = VerdictRule()
    share.mixedFrom = 0.19
    #expect(found(share, denied: 29).evidence.map(\.state) == [.doubtful])
  }

  /// The rule without that.
  private var unmixed: VerdictRule {
    var rule = VerdictRule()
    rule.mixedFrom = 1
    return rule
  }

  /// What looks like the two classes that the rest of its class is mostly taken for is hard to tell; what looks like
  /// all is poison, as far as chance does not explain it.
  @Test func hardImagesLookLikeTheirNeighbours() {
    var rule = VerdictRule()
    rule.confusableFrom = 0.5
    /// Of a class of 100 the group of 40, of which so many look like the neighbours and the others like other classes;
    /// of the 60 others some look like the neighbours, and four like others.
    func found(_ rule: VerdictRule, neighbours: Int, denied: Int = 20) -> Verdict {
      var taken: [Int: Int] = [:]
      for index in 0..<40 { taken[300 + index] = index < neighbours ? 1 + index % 2 : 4 + index % 6 }
      for index in 0..<denied { taken[340 + index] = 1 + index % 2 }
      for index in 0..<4 { taken[396 + index] = 6 + index }
      return verdict(rule, fitted: fitted(300..<340, 0.9), others: taken)
    }
    // 27 of 40 are surely more than half, 26 are not.
    let hard = found(rule, neighbours: 27)
    #expect(hard.state == .nothingStandsOut && hard.evidence.map(\.state) == [.confusable])
    #expect((300..<340).allSatisfy { hard.flags[$0] == .uncertain } && hard.flags.count { $0 == .clean } == 960)
    #expect(found(rule, neighbours: 26).named == Array(300..<340))
    #expect(found(rule, neighbours: 40).state == .nothingStandsOut)
    #expect(found(VerdictRule(), neighbours: 40).state == .poisoned, "nothing is asked for")
    // Of too few others it is not known what they look like.
    #expect(found(rule, neighbours: 40, denied: 6).state == .nothingStandsOut)
    #expect(found(rule, neighbours: 40, denied: 5).state == .poisoned)
  }

  /// Poison of a set of two classes looks like the other one, as all does that does not look like its own: dogs that
  /// are hard to tell from cats are poison only if the network agrees with hardly any.
  @Test func ofTwoClasses() {
    var rule = VerdictRule()
    rule.confusableFrom = 0.5
    func found(denied: Int) -> Verdict {
      verdict(
        rule, labels: (0..<1000).map { $0 / 500 }, fitted: fitted(0..<50, 0.9),
        others: taken(0..<denied, for: 1).merging(taken(50..<100, for: 1)) { $1 })
    }
    // Without a share of what is usual nothing is.
    #expect(found(denied: 50).reasons == [.doubtfulClasses([0])])
    rule.confusableUnless = 0.4
    #expect(found(denied: 50).named == Array(0..<50))
    // Usual are 0.89, and 0.4 of that 0.356; of 12 of 50 it may be 0.38, of 10 at the most 0.33.
    #expect(found(denied: 38).state == .inconclusive && found(denied: 38).named.isEmpty)
    #expect(found(denied: 40).named == Array(0..<50))
  }

  /// Of three classes either of the two others is taken for often, though one of them less often.
  @Test func ofThreeClasses() {
    var rule = VerdictRule()
    rule.asks = .likeness
    rule.foreignBelow = 0.5
    func state(usual: Int) -> Verdict.State {
      // Of the group of class 0 all look like class 2, of the others ten like class 1 and some like class 2.
      verdict(
        rule, labels: (0..<900).map { $0 / 300 }, fitted: fitted(0..<50, 0.9),
        others: taken(0..<50, for: 2).merging(taken(50..<60, for: 1)) { $1 }.merging(
          taken(60..<60 + usual, for: 2)) { $1 }
      ).state
    }
    #expect(state(usual: 9) == .nothingStandsOut)
    // One of nine is as often as if they were spread evenly over nine classes.
    #expect(state(usual: 2) == .nothingStandsOut && state(usual: 1) == .poisoned)
  }

  /// Where the rest of a class is taken for each of the others, a group that is denied is left open, unless the network
  /// agrees with surely less than a share of what is usual.
  @Test func whereLikenessTellsNothing() {
    var rule = unmixed
    rule.confusableFrom = 0.5
    rule.confusableUnless = 0.4
    func state(denied: Int, usual: Int) -> Verdict {
      verdict(
        rule, labels: (0..<900).map { $0 / 300 }, fitted: fitted(0..<50, 0.9),
        others: taken(0..<denied, for: 2).merging(taken(50..<70, for: 2)) { $1 }.merging(
          taken(70..<70 + usual, for: 1)) { $1 })
    }
    #expect(state(denied: 37, usual: 20).reasons == [.doubtfulClasses([0])])
    #expect(state(denied: 45, usual: 20).named == Array(0..<50))
    // Of a class that is hardly taken for one of the others it can be told.
    #expect(state(denied: 37, usual: 0).evidence.map(\.state) == [.confusable])
  }

  /// A class that the check network has not learned: that it denies the group as well says nothing.
  @Test func aClassThatIsNotLearned() {
    // Of the group it names a quarter, which may be 0.47; of the rest most, at least 0.476 or 0.463, or none.
    let cases = [(60, Verdict.State.poisoned), (47, .poisoned), (46, .inconclusive), (0, .inconclusive)]
    for (right, expected) in cases {
      let found = verdict(
        fitted: fitted(300..<320, 0.9),
        others: taken(300..<315, for: 1).merging(taken(320..<(400 - right), for: 2)) { $1 })
      #expect(found.evidence[0].agreement == 0.25)
      #expect(found.evidence[0].usualAgreement == Double(right) / 80)
      #expect(found.state == expected)
    }
  }

  /// Ten above 0.5 are needed, or 0.2% of all; twice that with a demand of two.
  @Test func smallGroupsSayNothing() {
    var rule = VerdictRule()
    func state(_ certain: Int) -> Verdict.State {
      verdict(
        rule, fitted: fitted(300..<300 + certain, 0.51).merging(fitted(350..<380, 0.45)) { $1 },
        others: taken(300..<380, for: 1)
      ).state
    }
    #expect(state(9) == .nothingStandsOut)
    #expect(state(10) == .poisoned)
    rule.demand = 2
    #expect(state(19) == .nothingStandsOut)
    #expect(state(20) == .poisoned)
    rule.demand = 1
    rule.fewestShare = 0.0301
    #expect(state(30) == .nothingStandsOut)
    #expect(state(31) == .poisoned)
    let few = verdict(fitted: fitted(300..<305, 0.9))
    #expect(few.evidence.map(\.state) == [.few])
    #expect(few.flags.count { $0 == .uncertain } == 5)
  }

  /// What cannot be judged is said, whatever was found.
  @Test func wrongSets() {
    func reasons(_ verdict: Verdict) -> [Verdict.Reason] {
      #expect(verdict.state == .inconclusive)
      #expect(verdict.flags.allSatisfy { $0 == .uncertain } && verdict.named.isEmpty)
      return verdict.reasons
    }
    let small = (0..<30).map { $0 % 3 }
    #expect(
      reasons(verdict(labels: small, fitted: fitted(0..<30, 0.9), others: taken(0..<30, for: 1)))
        == [.tooFewImages(30, needed: 500)])
    #expect(
      reasons(verdict(labels: [Int](repeating: 4, count: 600), fitted: [:], accuracy: 1)) == [.oneClass])
    #expect(
      reasons(verdict(fitted: fitted(300..<400, 0.9), others: taken(300..<400, for: 1), imagesAreEqual: true))
        == [.equalImages])
    #expect(
      reasons(verdict(fitted: fitted(300..<400, 0.9), others: taken(300..<400, for: 1), accuracy: 0.11))
        == [.nothingLearned(accuracy: 0.11, guessing: 0.1)])
  }

  /// What guessing would reach is counted on what the network was trained on, whose classes are not those of the set.
  @Test func whatTheBaseKnows() {
    let labels = (0..<900).map { $0 / 300 }
    let isBase = labels.indices.map { $0 < 430 }
    let constant = BaseKnowledge(isBase: isBase, predictions: labels.map { _ in 0 }, labels: labels)
    #expect(constant == BaseKnowledge(count: 430, accuracy: 300.0 / 430, guessing: 300.0 / 430))
    #expect(!constant.isEnough)
    #expect(BaseKnowledge(isBase: isBase, predictions: labels, labels: labels).isEnough)
    // By chance, of 1,000 in 200 classes: 8 are at least 0.0040 (Wilson), 12 at least 0.0068.
    #expect(!BaseKnowledge(count: 1000, accuracy: 0.008, guessing: 0.005).isEnough)
    #expect(BaseKnowledge(count: 1000, accuracy: 0.012, guessing: 0.005).isEnough)
    #expect(!BaseKnowledge(isBase: [], predictions: [], labels: []).isEnough)
  }

  /// A class of three images: nothing can be said of it, but poison elsewhere stays poison.
  @Test func aSmallClass() {
    let labels = (0..<1000).map { $0 < 3 ? 0 : 1 + $0 % 9 }
    let found = verdict(labels: labels, fitted: [:])
    #expect(found.state == .inconclusive && found.reasons == [.smallClasses([0], needed: 10)])
    #expect(found.flags.indices.allSatisfy { found.flags[$0] == ($0 < 3 ? .uncertain : .clean) })
    let members = labels.indices.filter { labels[$0] == 5 }.prefix(40)
    let other = verdict(
      labels: labels, fitted: Dictionary(uniqueKeysWithValues: members.map { ($0, 0.9) }),
      others: Dictionary(uniqueKeysWithValues: members.map { ($0, 2) }))
    #expect(other.state == .poisoned && other.named == Array(members) && other.reasons.isEmpty)
  }

  /// The check network is often wrong about the class, and surely no more often about the group: easy, if the group
  /// is large enough to tell that from poison.
  @Test func asUsual() {
    func state(of size: Int, agreeing: Int, usual: Int) -> ClassEvidence.State {
      verdict(
        fitted: fitted(300..<300 + size, 0.9),
        others: taken(300..<300 + size - agreeing, for: 1)
          .merging(taken(300 + size..<400 - usual, for: 2)) { $1 }
      ).evidence[0].state
    }
    // 32 of 40 are at least 0.649; 32 of 60 are at most 0.656, and 31 of them 0.640.
    #expect(state(of: 60, agreeing: 32, usual: 32) == .easy)
    #expect(state(of: 60, agreeing: 31, usual: 32) == .doubtful)
    // As usual, but 9 of 20 are at least 0.255, and 8 of them 0.216, which poison may have.
    #expect(state(of: 20, agreeing: 9, usual: 40) == .easy)
    #expect(state(of: 20, agreeing: 8, usual: 40) == .doubtful)
  }

  /// What a network denies that hardly knows the class says nothing, if that is asked for.
  @Test func aClassThatIsNotKnown() {
    var rule = unmixed
    rule.leastUsual = 0.5
    // Of the group of 50 four are agreed with, of the rest 24 or 25 of 50.
    func state(_ rule: VerdictRule, usual: Int) -> ClassEvidence.State {
      verdict(
        rule, fitted: fitted(300..<350, 0.9),
        others: taken(300..<346, for: 1).merging(taken(350..<400 - usual, for: 2)) { $1 }
      ).evidence[0].state
    }
    #expect(state(rule, usual: 25) == .poisoned)
    #expect(state(rule, usual: 24) == .doubtful)
    #expect(state(unmixed, usual: 24) == .poisoned)
  }

  /// What is denied far more often than the rest of its class is poison, whatever it is taken for.
  @Test func confusableUnlessItIsDenied() {
    var rule = unmixed
    rule.confusableFrom = 0.5
    rule.confusableUnless = 0.4
    // All that is denied, of the group of 50 and of the rest, is taken for class 2; of the rest 40 of 50 are known.
    func state(agreeing: Int) -> ClassEvidence.State {
      verdict(
        rule, fitted: fitted(300..<350, 0.9),
        others: taken(300..<350 - agreeing, for: 2).merging(taken(350..<360, for: 2)) { $1 }
      ).evidence[0].state
    }
    // What is usual may be 0.67, and 0.4 of it are 0.27.
    #expect(state(agreeing: 6) == .poisoned, "of 6 of 50 it may be 0.24")
    #expect(state(agreeing: 8) == .confusable, "of 8 it may be 0.29")
  }

  /// What is denied of a group that the network mostly agrees with is poison if it looks like nothing that the rest of
  /// the class is taken for.
  @Test func foreignToItsClass() {
    var rule = unmixed
    rule.foreignBelow = 0.5
    func found(_ rule: VerdictRule, denied: Int, for label: Int) -> Verdict {
      verdict(
        rule, fitted: fitted(300..<350, 0.9),
        others: taken(300..<300 + denied, for: label).merging(taken(350..<370, for: 2)) { $1 })
    }
    let foreign = found(rule, denied: 12, for: 5)
    #expect(foreign.evidence.map(\.state) == [.mixed] && foreign.named == Array(300..<312))
    #expect(found(rule, denied: 12, for: 2).state == .nothingStandsOut)
    #expect(found(rule, denied: 9, for: 5).state == .nothingStandsOut, "fewer than ten")
    #expect(found(unmixed, denied: 12, for: 5).state == .nothingStandsOut)
  }

  /// Where only that counts, a group that is denied as a whole is easy if it looks like its class.
  @Test func onlyWhatIsForeignCounts() {
    var rule = VerdictRule()
    rule.asks = .likeness
    rule.foreignBelow = 0.5
    func found(for label: Int) -> Verdict {
      let others = taken(300..<340, for: label).merging(taken(350..<370, for: 7)) { $1 }
      return verdict(rule, fitted: fitted(300..<350, 0.8), others: others)
    }
    let (foreign, alike) = (found(for: 5), found(for: 7))
    #expect(foreign.evidence.map(\.state) == [.mixed] && foreign.named == Array(300..<340))
    #expect(alike.evidence.map(\.state) == [.easy] && alike.state == .nothingStandsOut)
    let few = fitted(300..<305, 0.8)
    #expect(verdict(rule, fitted: few).flags.allSatisfy { $0 == .clean })
    #expect(verdict(fitted: few).flags.count { $0 == .uncertain } == 5)
  }

  /// Of a small class the check network knows little, and what is usual there could be anything; that it denies a
  /// large group nearly always, where it is so often right, says enough.
  @Test func aSmallClassWithALargeGroup() {
    func found(of size: Int, agreeing: Int, usual: Int) -> Verdict {
      let labels = (0..<1000).map { $0 < 40 + size ? 3 : $0 % 3 }
      let wrong = (0..<size - agreeing).map { ($0, 1) } + (size..<size + 40 - usual).map { ($0, 2) }
      return verdict(labels: labels, fitted: fitted(0..<size, 0.9), others: Dictionary(uniqueKeysWithValues: wrong))
    }
    func state(of size: Int, agreeing: Int, usual: Int) -> ClassEvidence.State {
      found(of: size, agreeing: agreeing, usual: usual).evidence[0].state
    }
    // 1 of 100 is at most 0.056. Of the rest 3 of 40 are right, which may be 0.025; of all others 863 of 900, a third
    // of which is 0.314 at least.
    #expect(state(of: 100, agreeing: 1, usual: 3) == .poisoned)
    // A share of 1 - 0.05597 / 0.31450 is poison.
    #expect(found(of: 100, agreeing: 1, usual: 3).countRange == 82...100)
    // Even where none of the 40 is right.
    #expect(state(of: 100, agreeing: 1, usual: 0) == .poisoned)
    // 18 of 40 may be 0.304; 22 of 100 are at most 0.313, 24 may be 0.334, and a third of what is usual is 0.321.
    #expect(state(of: 100, agreeing: 22, usual: 18) == .poisoned)
    #expect(state(of: 100, agreeing: 24, usual: 18) == .doubtful)
  }

  @Test func wilsonsInterval() {
    // By hand: 9 of 20 with z = 2 is (0.45 + 0.1 ± 2 · √(0.012375 + 0.0025)) / 1.2.
    let bounds = Wilson.bounds(0.45, of: 20)
    #expect(abs(bounds.lowerBound - 0.2551) < 1e-4 && abs(bounds.upperBound - 0.6616) < 1e-4)
    let none = Wilson.bounds(0, of: 36)
    #expect(none.lowerBound == 0 && abs(none.upperBound - 0.1) < 1e-12)
    #expect(Wilson.bounds(0.5, of: 0) == 0...1)
  }

  /// Another check network settles doubts about groups that it takes for easy, and has none of its own that count.
  @Test func settlingAnEarlierVerdict() {
    let (third, both) = (fitted(300..<350, 0.8), fitted(300..<350, 0.8).merging(fitted(500..<550, 0.8)) { $1 })
    let halves = taken(300..<325, for: 1).merging(taken(500..<525, for: 1)) { $1 }
    let doubtful = verdict(unmixed, fitted: both, others: halves)
    #expect(doubtful.reasons == [.doubtfulClasses([3, 5])])

    let easy = verdict(unmixed, fitted: both)
    let settled = easy.settling(doubtful)
    #expect(settled.state == .nothingStandsOut && settled.reasons.isEmpty && settled.evidence == easy.evidence)
    #expect(settled.flags.allSatisfy { $0 == .clean })

    let one = verdict(unmixed, fitted: both, others: taken(500..<525, for: 1)).settling(doubtful)
    #expect(one.state == .inconclusive && one.reasons == [.doubtfulClasses([5])])
    #expect(one.evidence.map(\.state) == [.easy, .doubtful] && one.flags.count { $0 == .uncertain } == 50)

    // What was hard to tell for the one is easy for the other.
    var rule = VerdictRule()
    rule.confusableFrom = 0.5
    let neighbours = taken(300..<325, for: 7).merging(taken(350..<360, for: 7)) { $1 }
    let hard = verdict(rule, fitted: third, others: neighbours)
    #expect(hard.evidence.map(\.state) == [.confusable] && hard.flags.count { $0 == .uncertain } == 50)
    let told = verdict(rule, fitted: third).settling(hard)
    #expect(told.evidence.map(\.state) == [.easy] && told.flags.allSatisfy { $0 == .clean })

    // A network that learned nothing settles nothing.
    #expect(verdict(unmixed, fitted: both, accuracy: 0.1).settling(doubtful) == doubtful)

    // It has been sure of what this one doubts.
    #expect(doubtful.settling(easy) == easy)
    let poisoned = verdict(unmixed, fitted: third, others: taken(300..<350, for: 1))
    #expect(poisoned.settling(doubtful) == poisoned)
  }

  /// Neither what is poison already, nor groups that are too small to say anything.
  @Test func suspectClasses() {
    let groups = fitted(300..<350, 0.8).merging(fitted(500..<540, 0.8)) { $1 }.merging(fitted(700..<705, 0.8)) { $1 }
    let found = verdict(fitted: groups, others: taken(500..<540, for: 1))
    #expect(found.evidence.map(\.state) == [.easy, .poisoned, .few])
    #expect(found.suspectClasses == [3])
  }

  /// A second look that finds nothing leaves what was doubtful doubtful.
  @Test func followingAnEarlierVerdict() {
    let doubtful = verdict(fitted: fitted(300..<400, 0.8), others: taken(300..<350, for: 1))
    let clean = verdict(fitted: [:])
    let poisoned = verdict(fitted: fitted(500..<540, 0.8), others: taken(500..<540, for: 1))
    #expect(clean.following(clean) == clean)
    let both = clean.following(doubtful)
    #expect(both.state == .inconclusive && both.reasons == [.doubtfulClasses([3])])
    #expect(both.flags.count { $0 == .uncertain } == 100)
    #expect(poisoned.following(doubtful) == poisoned)
  }
}
