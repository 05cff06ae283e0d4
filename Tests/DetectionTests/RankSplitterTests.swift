import Compute
import Detection
import Testing

@Suite struct RankSplitterTests {
  private func divide(
    _ scores: [Double], labels: [Int]? = nil, clean: Double = 0.2, poisoned: Double = 0.1,
    _ selection: CleanSelection = .rank
  ) throws(SplitError) -> SampleSplit {
    try RankSplitter(cleanShare: clean, poisonedShare: poisoned, selection: selection)
      .split(scores: scores, labels: labels ?? scores.indices.map { $0 % 10 })
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

  @Test func tiesGoByIndex() throws {
    // The clean set ends, and the poisoned one begins, in the middle of equal scores.
    let scores = [2, 1, 2, 1, 1, 2, 2, 1, 1, 2] as [Double]
    let split = try divide(scores, clean: 0.3, poisoned: 0.3)
    #expect(split.indices(of: .clean) == [1, 3, 4])
    #expect(split.indices(of: .poisoned) == [5, 6, 9])
    #expect(split.cleanThreshold == 1)
    #expect(split.poisonedThreshold == 2)
  }

  @Test func scoresThatAreAllEqual() throws {
    let scores = [Double](repeating: 0, count: 20)
    let rank = try divide(scores)
    #expect(rank.indices(of: .clean) == [0, 1, 2, 3])
    #expect(rank.indices(of: .poisoned) == [18, 19])
    let balanced = try divide(scores, labels: scores.indices.map { $0 / 10 }, .balanced)
    #expect(balanced.indices(of: .clean) == [0, 1, 10, 11])
    let zeros = try divide(scores, .zeros)
    #expect(zeros.indices(of: .clean) == Array(0..<18))
    #expect(zeros.indices(of: .poisoned) == [18, 19])
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
    // 600 of class 0, 300 of class 1, 100 of class 2; a class's suspicion has nothing to do with it.
    let labels = (0..<1000).map { $0 < 600 ? 0 : $0 < 900 ? 1 : 2 }
    let scores = labels.indices.map { Double(labels[$0] * 10_000 + $0) }
    let split = try divide(scores, labels: labels, clean: 0.2, poisoned: 0.02, .balanced)
    // 200 = 67 + 67 + 66: what does not divide goes to the first classes.
    #expect(split.classSizes(of: .clean, labels: labels, classCount: 3) == [67, 67, 66])
    let expected = Array(0..<67) + Array(600..<667) + Array(900..<966)
    #expect(split.indices(of: .clean) == expected)
    #expect(split.indices(of: .poisoned) == Array(980..<1000))
  }

  /// Such a class gives all that it has, and the others do not give more for it.
  @Test func balancedWithAClassSmallerThanItsQuota() throws {
    let labels = (0..<100).map { $0 < 3 ? 7 : $0 < 50 ? 1 : 4 }
    let scores = (0..<100).map(Double.init)
    let split = try divide(scores, labels: labels, clean: 0.3, poisoned: 0.1, .balanced)
    var sizes = [Int](repeating: 0, count: 10)
    (sizes[1], sizes[4], sizes[7]) = (10, 10, 3)
    #expect(split.classSizes(of: .clean, labels: labels, classCount: 10) == sizes)
    #expect(split.indices(of: .poisoned) == Array(90..<100))
  }

  /// Whatever the scores, a sample has one flag and thresholds bound their sets.
  @Test(arguments: 1...20) func thresholdsBoundTheirSets(seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: RandomPurpose("scores"))
    let count = 20 + stream.integer(below: 200)
    let scores = (0..<count).map { _ in Double(stream.integer(below: 15)) }
    let labels = (0..<count).map { _ in stream.integer(below: 4) }
    for selection in CleanSelection.allCases {
      guard let split = try? divide(scores, labels: labels, selection) else { continue }
      let clean = split.indices(of: .clean).map { scores[$0] }
      let poisoned = split.indices(of: .poisoned).map { scores[$0] }
      #expect(clean.max() == split.cleanThreshold)
      #expect(poisoned.min() == split.poisonedThreshold)
      if selection == .rank || selection == .zeros {
        let uncertain = split.indices(of: .uncertain).map { scores[$0] }
        #expect(uncertain.allSatisfy { $0 >= split.cleanThreshold && $0 <= split.poisonedThreshold })
      }
    }
  }
}
