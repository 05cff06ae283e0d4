import Detection
import Testing

/// The rule on numbers made by hand: 1,000 images in ten classes of 100.
@Suite struct ContradictionRuleTests {
  private let rule = ContradictionRule()
  private let labels = (0..<1000).map { $0 / 100 }
  private let all = [Bool](repeating: true, count: 1000)

  private func contradicts(_ indices: some Sequence<Int>) -> [Bool] {
    let set = Set(indices)
    return (0..<1000).map(set.contains)
  }

  /// The surest half, whatever the order of the set.
  @Test func confidentImages() throws {
    let confidences = (0..<1000).map { Double($0 % 10) / 10 }
    let found = try #require(rule.confident(confidences, contradicts: contradicts([]), seed: 1))
    #expect(found == confidences.map { $0 >= 0.5 })
  }

  /// Fewer, where the check network is wrong about many; none, where it is about most.
  @Test func confidentImagesOfAWeakNetwork() throws {
    let confidences = (0..<1000).map { Double(1000 - $0) / 1000 }
    // It is right about the first 180 and wrong about all others: 180 of 300 are 60%.
    let found = try #require(rule.confident(confidences, contradicts: contradicts(180..<1000), seed: 1))
    #expect(found == (0..<1000).map { $0 < 300 })
    #expect(rule.confident(confidences, contradicts: contradicts(50..<1000), seed: 1) == nil)
    #expect(rule.confident([], contradicts: [], seed: 1) == nil)
  }

  @Test func evidenceOfATrigger() {
    let scores = (0..<1000).map { Double(1000 - $0) / 1000 }
    // 48 of the first 50, and every fourth of the others.
    let found = rule.evidence(
      scores, contradicts: contradicts(Array(2..<50) + stride(from: 50, to: 1000, by: 4)), members: all, seed: 1)
    #expect(found.isFound)
    #expect(found.size >= 50 && found.contradicted >= 48 && found.size <= 55)
    #expect(abs(found.usual - 0.286) < 1e-12)
    // Of images that do not count none counts.
    let without = rule.evidence(
      scores, contradicts: contradicts(2..<50), members: (0..<1000).map { $0 >= 50 }, seed: 1)
    #expect(!without.isFound && without.contradicted == 0 && without.usual == 0)
  }

  /// Where chance gives many, more are asked for: 80 of the first 100 contradict, and of the others a third or half.
  @Test(arguments: [(3, true), (2, false)]) func evidenceBeyondTheUsual(every: Int, isFound: Bool) {
    let scores = (0..<1000).map { Double(1000 - $0) / 1000 }
    let wrong = contradicts((0..<100).filter { $0 % 5 != 0 } + stride(from: 100, to: 1000, by: every))
    #expect(rule.evidence(scores, contradicts: wrong, members: all, seed: 1).isFound == isFound)
  }

  /// Honest mistakes, of which half are foretold, are no evidence; nor are few images.
  @Test func noEvidence() {
    let scores = (0..<1000).map { Double(1000 - $0) / 1000 }
    #expect(
      !rule.evidence(
        scores, contradicts: contradicts(stride(from: 0, to: 200, by: 2)), members: all, seed: 1
      ).isFound)
    #expect(!rule.evidence(scores, contradicts: contradicts(0..<8), members: all, seed: 1).isFound)
    #expect(
      !rule.evidence(
        scores, contradicts: contradicts(0..<8), members: (0..<1000).map { $0 < 8 }, seed: 1
      ).isFound)
  }

  @Test func targetsOfThePasses() {
    let scores: [Double] = [0.9, 0.8, 0.7, 0.2, 0.85, 0.1]
    let contradicts = [true, true, false, true, false, false]
    let isConfident = [true, false, true, true, true, false]
    func targets(_ pass: Int, pure: Double = 0.6) -> [Int?] {
      var rule = rule
      rule.pure = pure
      return rule.targets(
        pass: pass, scores: scores, contradicts: contradicts, isConfident: isConfident, seed: 1)
    }
    #expect(targets(0) == [1, nil, 0, 1, 0, nil])
    // The surest of those that count is image 0, which contradicts; down to the next, 4, only one of two does.
    #expect(targets(1) == [1, nil, 0, nil, 0, 0])
    #expect(targets(2) == [1, 1, nil, nil, nil, 0])
    #expect(targets(3) == [1, 1, 1, nil, 1, 0])
    // Nowhere all of them.
    #expect(targets(1, pure: 1.1) == [nil, nil, 0, nil, 0, 0])
  }

  @Test func whatIsMarkedMustContradict() {
    let scores = (0..<1000).map { $0 < 100 ? 0.9 : 0.1 }
    #expect(rule.confirms(scores, contradicts: contradicts(0..<90)))
    #expect(!rule.confirms(scores, contradicts: contradicts(0..<65)))
    #expect(!rule.confirms((0..<1000).map { $0 < 15 ? 0.9 : 0.1 }, contradicts: contradicts(0..<15)))
  }

  /// The marked images are named, those of the looser threshold are uncertain, and the classes have their rows.
  @Test func verdict() {
    let clean = VerdictRule().verdict(
      probabilities: labels.map { _ in 0.1 }, predictions: labels, labels: labels, classCount: 10)
    #expect(clean.state == .nothingStandsOut)
    let scores = (0..<1000).map { $0 % 100 < 10 ? 0.9 : $0 % 100 < 12 ? 0.3 : 0.1 }
    // Of every class one marked image of ten is taken for what it is labelled, and of the others 30 of 90 are not.
    let found = clean.foretold(
      scores: scores, contradicts: (0..<1000).map { (1..<10).contains($0 % 100) || $0 % 100 >= 70 }, labels: labels,
      by: rule)
    #expect(found.state == .poisoned && found.reasons.isEmpty)
    #expect(found.flags == scores.map { $0 == 0.9 ? .poisoned : $0 == 0.3 ? .uncertain : .clean })
    #expect(found.named.count == 100 && found.confidences == scores)
    #expect(found.countRange.upperBound == 120)
    #expect((1..<100).contains(found.countRange.lowerBound))
    #expect(found.evidence.map(\.label) == Array(0..<10))
    for row in found.evidence {
      #expect(row.state == .foretold && row.size == 100 && row.groupSize == 10 && row.named == 10)
      #expect(abs(row.agreement - 0.1) < 1e-12 && abs(row.usualAgreement - 2.0 / 3) < 1e-12)
    }
  }

  /// A set of which nothing can be said stays one, and a verdict that has found poison stays as it is.
  @Test func verdictsThatStay() {
    let few = VerdictRule().verdict(
      probabilities: [0.1, 0.1], predictions: [0, 1], labels: [0, 1], classCount: 2)
    #expect(few.foretold(scores: [0.9, 0.9], contradicts: [true, true], labels: [0, 1], by: rule) == few)
    let poisoned = VerdictRule().verdict(
      probabilities: (0..<1000).map { $0 < 50 ? 0.9 : 0.1 }, predictions: (0..<1000).map { $0 < 50 ? 3 : $0 / 100 },
      labels: labels, classCount: 10)
    #expect(poisoned.state == .poisoned)
    #expect(
      poisoned.foretold(scores: labels.map { _ in 0.9 }, contradicts: all, labels: labels, by: rule) == poisoned)
  }
}

/// Who learns from whom.
@Suite struct ContradictionRecipeTests {
  @Test func members() {
    let targets: [Int?] = [1, 0, nil, 0, 1, 0]
    let halves = [0, 0, 0, 1, 1, 1]
    #expect(ContradictionRecipe.members(targets: targets, halves: halves, half: 0) == [3, 4, 5])
    #expect(ContradictionRecipe.members(targets: targets, halves: halves, half: 1) == [0, 1])
    #expect(ContradictionRecipe.members(targets: [1, 1, nil, 0, 0, 0], halves: halves, half: 1) == nil)
    #expect(ContradictionRecipe.members(targets: [nil, nil, nil, 0, 0, 0], halves: halves, half: 1) == nil)
  }
}
