import Compute
import Detection
import Testing

@Suite struct RankSplitterTests {
  private func divide(
    _ scores: [Double], labels: [Int]? = nil, clean: Double = 0.2, poisoned: Double = 0.1,
    _ selection: CleanSelection = .rank, seed: UInt64 = 1
  ) throws(SplitError) -> SampleSplit {
    try RankSplitter(
      cleanShare: clean, poisonedShare: poisoned, selection: selection, seed: seed
    ).split(scores: scores, labels: labels ?? scores.indices.map { $0 % 10 })
  }

  /// 0, 1, … in a random order.
  private func shuffled(_ count: Int, seed: UInt64 = 1) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: RandomPurpose("scores"))
    return stream.permutation(of: count).map(Double.init)
  }

  @Test(arguments: CleanSelection.allCases)
  func theLeastSuspiciousAreClean(_ selection: CleanSelection) throws {
    let scores = shuffled(1000).map { $0 + 1 }
    let split = try divide(scores, selection)
    let clean = split.indices(of: .clean).map { scores[$0] }.sorted()
    switch selection {
    case .rank, .zeros: #expect(clean == (1...200).map(Double.init))
    // The published threshold is the score of the sample behind the share, which is then taken too.
    case .published: #expect(clean == (1...201).map(Double.init))
    case .balanced: #expect(clean.count == 200)
    }
    #expect(split.indices(of: .poisoned).map { scores[$0] }.sorted() == (901...1000).map(Double.init))
    #expect(split.cleanThreshold == clean.last)
    #expect(split.poisonedThreshold == 901)
    #expect(split.flags.count == 1000)
  }

  /// ⌊share · count⌋, also where the product is a hair too small in binary.
  @Test(arguments: [
    (100, 0.29, 0.07, 29, 7), (10, 0.3, 0.1, 3, 1), (50_000, 0.2, 0.05, 10_000, 2500),
    (999, 0.2, 0.05, 199, 49), (7, 0.99, 0.0001, 6, 0),
  ])
  func sizesAreExact(
    count: Int, clean: Double, poisoned: Double, cleanCount: Int, poisonedCount: Int
  ) throws {
    guard poisonedCount > 0 else {
      #expect(throws: SplitError.emptySet(.poisoned, share: poisoned, count: count)) {
        try divide(shuffled(count), clean: clean, poisoned: poisoned)
      }
      return
    }
    let split = try divide(shuffled(count), clean: clean, poisoned: poisoned)
    #expect(split.indices(of: .clean).count == cleanCount)
    #expect(split.indices(of: .poisoned).count == poisonedCount)
    #expect(split.indices(of: .uncertain).count == count - cleanCount - poisonedCount)
  }

  /// A share of a few samples is none of them; where that is asked for, it is no error.
  @Test(arguments: CleanSelection.allCases) func emptySetsOnDemand(_ selection: CleanSelection) throws {
    let splitter = RankSplitter(
      cleanShare: 0.5, poisonedShare: 0.05, selection: selection, allowsEmpty: true)
    #expect(try !splitter.split(scores: [3], labels: [0]).flags.contains(.poisoned))
    let two = try splitter.split(scores: [3, 1], labels: [0, 0])
    #expect(two.flags[1] == .clean && !two.flags.contains(.poisoned))
  }

  /// The clean set ends, and the poisoned one begins, in the middle of equal scores: every sample with
  /// such a score has the same chance, whatever its place in the set.
  @Test func tiesAreDecidedBySeed() throws {
    let scores = [2, 1, 2, 1, 1, 2, 2, 1, 1, 2] as [Double]
    var clean = [Int](repeating: 0, count: 10)
    var poisoned = clean
    for seed in 0..<2000 as Range<UInt64> {
      let split = try divide(scores, clean: 0.3, poisoned: 0.3, seed: seed)
      #expect(split.cleanThreshold == 1 && split.poisonedThreshold == 2)
      for index in split.indices(of: .clean) { clean[index] += 1 }
      for index in split.indices(of: .poisoned) { poisoned[index] += 1 }
      if seed < 5 { #expect(try divide(scores, clean: 0.3, poisoned: 0.3, seed: seed) == split) }
    }
    // 3 of 5 each time: 1200 expected, standard deviation 22.
    for index in 0..<10 {
      #expect(scores[index] == 1 ? abs(clean[index] - 1200) < 110 : clean[index] == 0)
      #expect(scores[index] == 2 ? abs(poisoned[index] - 1200) < 110 : poisoned[index] == 0)
    }
  }

  /// In a set that is sorted by class, equal scores must not make one class the clean one.
  @Test func tiesInASortedSet() throws {
    let labels = (0..<1000).map { $0 / 100 }
    let split = try divide([Double](repeating: 7, count: 1000), labels: labels)
    for flag in [SampleSplit.Flag.clean, .poisoned] {
      let sizes = split.classSizes(of: flag, labels: labels, classCount: 10)
      // 20 or 10 of each class expected, standard deviations 4 and 3.
      #expect(sizes.allSatisfy { abs($0 - sizes.reduce(0, +) / 10) < 15 })
    }
  }

  @Test func scoresThatAreAllEqual() throws {
    let scores = [Double](repeating: 0, count: 20)
    let rank = try divide(scores)
    #expect(rank.indices(of: .clean).count == 4)
    #expect(rank.indices(of: .poisoned).count == 2)
    let labels = scores.indices.map { $0 / 10 }
    let balanced = try divide(scores, labels: labels, .balanced)
    #expect(balanced.classSizes(of: .clean, labels: labels, classCount: 2) == [2, 2])
    let zeros = try divide(scores, .zeros)
    #expect(zeros.indices(of: .clean).count == 18)
    #expect(zeros.indices(of: .poisoned).count == 2)
    // The published rule takes all of them for clean, so none is left to be poisoned.
    #expect(throws: SplitError.nothingPoisoned(cleanRule: .published)) {
      try divide(scores, .published)
    }
  }

  @Test(arguments: CleanSelection.allCases, [Double.nan, .infinity, -.infinity])
  func onlyFiniteNumbers(_ selection: CleanSelection, _ bad: Double) throws {
    var scores = shuffled(100)
    scores[37] = bad
    let error = #expect(throws: SplitError.self) { try divide(scores, selection) }
    guard case .notFinite(let score, 37) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(score == bad || (score.isNaN && bad.isNaN))
    #expect("\(try #require(error))".contains("sample 37"))
  }

  @Test func emptySets() {
    #expect(throws: SplitError.emptySet(.clean, share: 0.001, count: 100)) {
      try divide(shuffled(100), clean: 0.001)
    }
    #expect(throws: SplitError.emptySet(.poisoned, share: 0.001, count: 100)) {
      try divide(shuffled(100), poisoned: 0.001)
    }
    #expect(throws: SplitError.emptySet(.clean, share: 0.2, count: 0)) { try divide([]) }
  }

  @Test func publishedTakesAllTies() throws {
    // Rank 2 of 10 has the score 1, and so have three more behind it.
    let scores = [0, 5, 1, 1, 9, 1, 0, 1, 7, 8] as [Double]
    let split = try divide(scores, clean: 0.2, poisoned: 0.1, .published)
    #expect(split.indices(of: .clean) == [0, 2, 3, 5, 6, 7])
    #expect(split.indices(of: .poisoned) == [4])
    #expect(split.cleanThreshold == 1)
  }

  @Test func zerosTakesTheShareAndAllZeros() throws {
    let many = try divide([0, 3, 0, 0, 2, 0, 9, 8, 7, 6], clean: 0.2, .zeros)
    #expect(many.indices(of: .clean) == [0, 2, 3, 5])
    // Fewer zeros than the share: the rank decides.
    let few = try divide([0, 3, 5, 4, 2, 1, 9, 8, 7, 6], clean: 0.3, .zeros)
    #expect(few.indices(of: .clean) == [0, 4, 5])
    // A negative zero is a zero.
    let negative = try divide([0, 3, -0.0, 0, 2, 1, 9, 8, 7, 6], clean: 0.1, .zeros)
    #expect(negative.indices(of: .clean) == [0, 2, 3])
  }

  @Test func balancedTakesTheSameOfEachClass() throws {
    // 600 of class 0, 300 of class 1, 100 of class 2, in turn: 60 % of the set may be named clean.
    let labels = (0..<1000).map { [0, 0, 0, 0, 0, 0, 1, 1, 1, 2][$0 % 10] }
    let scores = (0..<1000).map(Double.init)
    let split = try divide(scores, labels: labels, clean: 0.1, poisoned: 0.02, .balanced)
    // 100 = 34 + 33 + 33: what does not divide goes to the first classes.
    #expect(split.classSizes(of: .clean, labels: labels, classCount: 3) == [34, 33, 33])
    let expected = (0..<3).flatMap { label in
      labels.indices.filter { labels[$0] == label }.prefix(label == 0 ? 34 : 33)
    }
    #expect(split.indices(of: .clean) == expected.sorted())
    #expect(split.indices(of: .poisoned) == Array(980..<1000))
    #expect(split.shortfalls == [])
  }

  /// Such a class gives all that it has, and the others do not give more for it.
  @Test func balancedWithAClassSmallerThanItsQuota() throws {
    let labels = (0..<100).map { $0 < 3 ? 7 : $0 % 2 == 0 ? 1 : 4 }
    let scores = (0..<100).map(Double.init)
    let split = try divide(scores, labels: labels, clean: 0.3, poisoned: 0.1, .balanced)
    var sizes = [Int](repeating: 0, count: 10)
    (sizes[1], sizes[4], sizes[7]) = (10, 10, 3)
    #expect(split.classSizes(of: .clean, labels: labels, classCount: 10) == sizes)
    #expect(split.shortfalls == [SampleSplit.Shortfall(label: 7, quota: 10, count: 3)])
    #expect(split.indices(of: .poisoned) == Array(90..<100))
  }

  /// A rare target class: 30 genuine samples and 100 poisoned ones of 1000, of which the score sees all.
  /// Its quota of 50 is not filled with poison.
  @Test func balancedDoesNotFillARareClassWithPoison() throws {
    var stream = RandomStream(seed: 4, purpose: RandomPurpose("scores"))
    let labels = (0..<1000).map { $0 < 130 ? 0 : 1 + $0 % 9 }
    let scores = (0..<1000).map { (30..<130).contains($0) ? 2 + stream.uniform() : stream.uniform() }
    let split = try divide(scores, labels: labels, clean: 0.5, poisoned: 0.05, .balanced)
    let ofTarget = split.indices(of: .clean).filter { labels[$0] == 0 }
    #expect(ofTarget.allSatisfy { $0 < 30 })
    // The least suspicious three quarters are 750 of the 900 that are not poisoned.
    #expect((15...30).contains(ofTarget.count))
    #expect(split.shortfalls == [.init(label: 0, quota: 50, count: ofTarget.count)])
    #expect(split.classSizes(of: .clean, labels: labels, classCount: 10).dropFirst().allSatisfy { $0 == 50 })
  }

  /// A class whose scores are all among the highest is left out rather than taken.
  @Test func balancedWithAClassBeyondTheLimit() throws {
    let labels = (0..<100).map { $0 < 80 ? $0 % 2 : 2 }
    let scores = (0..<100).map(Double.init)
    let split = try divide(scores, labels: labels, clean: 0.3, poisoned: 0.1, .balanced)
    #expect(split.classSizes(of: .clean, labels: labels, classCount: 3) == [10, 10, 0])
    #expect(split.shortfalls == [.init(label: 2, quota: 10, count: 0)])
    #expect(RankSplitter.eligibleShare(cleanShare: 0.3) == 0.65)
  }

  /// Whatever the scores, a sample has one flag and thresholds bound their sets.
  @Test(arguments: 1...20, CleanSelection.allCases)
  func thresholdsBoundTheirSets(seed: Int, selection: CleanSelection) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: RandomPurpose("scores"))
    let count = 20 + stream.integer(below: 200)
    let scores = (0..<count).map { _ in Double(stream.integer(below: 15)) }
    let labels = (0..<count).map { _ in stream.integer(below: 4) }
    let split = try divide(scores, labels: labels, selection)
    let clean = split.indices(of: .clean).map { scores[$0] }
    let poisoned = split.indices(of: .poisoned).map { scores[$0] }
    let uncertain = split.indices(of: .uncertain).map { scores[$0] }
    #expect(clean.count + poisoned.count + uncertain.count == count)
    #expect(clean.max() == split.cleanThreshold)
    #expect(poisoned.min() == split.poisonedThreshold)
    #expect(poisoned.count <= count / 10 && uncertain.max() ?? 0 <= split.poisonedThreshold)
    switch selection {
    case .rank, .zeros: #expect(uncertain.min() ?? 15 >= split.cleanThreshold)
    case .published: #expect(uncertain.min() ?? 15 > split.cleanThreshold)
    case .balanced: #expect(clean.count <= count / 5)
    }
  }
}
