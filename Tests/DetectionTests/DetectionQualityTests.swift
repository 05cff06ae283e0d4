import Compute
import Detection
import Testing

@Suite struct DetectionQualityTests {
  /// The definition: over all pairs of a poisoned and a clean sample, the share in which the poisoned
  /// one scores higher; ties count half.
  private func areaByPairs(_ scores: [Double], _ isPositive: [Bool]) -> Double {
    var (sum, pairs) = (0.0, 0.0)
    for first in scores.indices where isPositive[first] {
      for second in scores.indices where !isPositive[second] {
        pairs += 1
        if scores[first] > scores[second] { sum += 1 }
        if scores[first] == scores[second] { sum += 0.5 }
      }
    }
    return sum / pairs
  }

  @Test(arguments: 1...30) func areaAgreesWithTheDefinition(seed: Int) {
    var stream = RandomStream(seed: UInt64(seed), purpose: RandomPurpose("scores"))
    let count = 2 + stream.integer(below: 120)
    // Few different values, so many ties; some seeds have none.
    let values = seed % 3 == 0 ? 1_000_000 : 1 + stream.integer(below: 12)
    let scores = (0..<count).map { _ in Double(stream.integer(below: values)) / 7 }
    var isPositive = (0..<count).map { _ in stream.uniform() < 0.2 }
    isPositive[0] = true
    isPositive[1] = false
    let area = DetectionQuality.areaUnderCurve(scores: scores, isPositive: isPositive)
    #expect(abs(area - areaByPairs(scores, isPositive)) < 1e-12)
    let reversed = DetectionQuality.areaUnderCurve(scores: scores.map { -$0 }, isPositive: isPositive)
    #expect(abs(area + reversed - 1) < 1e-12)
  }

  @Test func extremes() {
    let isPositive = [false, false, true, true]
    #expect(DetectionQuality.areaUnderCurve(scores: [1, 2, 3, 4], isPositive: isPositive) == 1)
    #expect(DetectionQuality.areaUnderCurve(scores: [4, 3, 2, 1], isPositive: isPositive) == 0)
    #expect(DetectionQuality.areaUnderCurve(scores: [5, 5, 5, 5], isPositive: isPositive) == 0.5)
  }

  /// Counted by hand, over all pairs of a poisoned and a clean one: won, tied, lost.
  @Test func tiesCountHalf() {
    func area(_ scores: [Double], _ isPositive: [Bool]) -> Double {
      DetectionQuality.areaUnderCurve(scores: scores, isPositive: isPositive)
    }
    // 2 beats 1 and ties with 2, 3 beats both.
    #expect(area([1, 2, 2, 3], [false, false, true, true]) == 3.5 / 4)
    // 1 loses against both, the second 2 ties twice.
    #expect(area([2, 2, 1, 2], [false, false, true, true]) == 1.0 / 4)
    // Three ties of 0 with one of them poisoned; 5 beats four.
    #expect(area([0, 0, 0, 5, 4, 0], [true, false, false, true, false, false]) == 5.5 / 8)
  }

  /// Nothing can be said of the precision of an empty set.
  @Test func emptySets() throws {
    let split = SampleSplit(
      flags: [.uncertain, .uncertain, .uncertain], cleanThreshold: 0, poisonedThreshold: 9)
    let quality = try #require(
      DetectionQuality(scores: [1, 2, 3], split: split, isPoisoned: [false, false, true]))
    #expect(quality.cleanPrecision == nil)
    #expect(quality.poisonedPrecision == nil)
    #expect(quality.cleanRecall == 0)
    #expect(quality.poisonedRecall == 0)
    #expect(quality.falsePositiveRate == 0)
    #expect(quality.areaUnderCurve == 1)
  }

  @Test func precisionAndRecall() throws {
    // Named clean: 4, of which 3 are; named poisoned: 2, of which 1 is. In truth 6 clean, 4 poisoned.
    let flags: [SampleSplit.Flag] = [
      .clean, .clean, .clean, .clean, .uncertain, .uncertain, .uncertain, .uncertain, .poisoned, .poisoned,
    ]
    let isPoisoned = [false, false, false, true, false, false, true, true, false, true]
    let split = SampleSplit(flags: flags, cleanThreshold: 3, poisonedThreshold: 8)
    let quality = try #require(
      DetectionQuality(scores: (0..<10).map(Double.init), split: split, isPoisoned: isPoisoned))
    #expect(quality.cleanPrecision == 0.75)
    #expect(quality.cleanRecall == 0.5)
    #expect(quality.poisonedPrecision == 0.5)
    #expect(quality.poisonedRecall == 0.25)
    #expect(quality.falsePositiveRate == 1.0 / 6)
    // Of the 24 pairs: 3 + 5 + 5 + 6.
    #expect(abs(quality.areaUnderCurve - 19.0 / 24) < 1e-12)
  }

  @Test(arguments: [false, true]) func nothingToSeparate(isPoisoned: Bool) throws {
    let scores = (0..<10).map(Double.init)
    let split = try RankSplitter(cleanShare: 0.2, poisonedShare: 0.1, selection: .rank)
      .split(scores: scores, labels: [Int](repeating: 0, count: 10))
    let truth = [Bool](repeating: isPoisoned, count: 10)
    #expect(DetectionQuality(scores: scores, split: split, isPoisoned: truth) == nil)
  }
}
