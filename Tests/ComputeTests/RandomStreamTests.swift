import Compute
import Testing

@Suite struct RandomStreamTests {
  private static func stream(
    seed: UInt64 = 1, _ purpose: StaticString = "test", epoch: Int = 0, sample: Int = 0
  ) -> RandomStream {
    RandomStream(seed: seed, purpose: RandomPurpose(purpose), epoch: epoch, sample: sample)
  }

  private static func numbers(_ stream: RandomStream, count: Int = 1000) -> [UInt64] {
    var stream = stream
    return (0..<count).map { _ in stream.next() }
  }

  @Test func isAFunctionOfItsArguments() {
    #expect(Self.numbers(Self.stream(epoch: 3, sample: 4)) == Self.numbers(Self.stream(epoch: 3, sample: 4)))
  }

  /// A copy goes on by itself.
  @Test func isAValue() {
    var first = Self.stream()
    _ = first.next()
    var second = first
    let expected = (0..<10).map { _ in second.next() }
    #expect((0..<10).map { _ in first.next() } == expected)
  }

  /// Streams that differ in one argument share no number, whichever bits of it differ.
  @Test func streamsShareNothing() {
    let streams = [
      Self.stream(), Self.stream(seed: 2), Self.stream(seed: 1 | 1 << 32), Self.stream(seed: 1 << 63),
      Self.stream("tess"), Self.stream("tset"), Self.stream(""), Self.stream(epoch: 1),
      Self.stream(epoch: 1 << 20), Self.stream(sample: 1), Self.stream(sample: 49_999),
      Self.stream(epoch: 1, sample: 1),
    ]
    let all = streams.flatMap { Self.numbers($0) }
    #expect(Set(all).count == all.count)
  }

  /// Neighbouring streams, as those of neighbouring images are, are not alike: of 64 bits, 32 agree.
  @Test func neighboursAreUnrelated() {
    var agreeing = 0
    for sample in 0..<2000 {
      var (first, second) = (Self.stream(sample: sample), Self.stream(sample: sample + 1))
      agreeing += 64 - (first.next() ^ second.next()).nonzeroBitCount
    }
    // Standard deviation 4/√2000 = 0.09.
    #expect(abs(Double(agreeing) / 2000 - 32) < 0.5)
  }

  @Test func uniformNumbersFillTheInterval() {
    var stream = Self.stream()
    var buckets = [Int](repeating: 0, count: 100)
    for _ in 0..<100_000 {
      let number = stream.uniform()
      #expect((0..<1).contains(number))
      buckets[Int(number * 100)] += 1
    }
    #expect(chiSquare(buckets) < 170, "99 degrees of freedom")
    #expect((0..<1000).map { _ in stream.uniform(in: -3...5) }.allSatisfy { (-3..<5).contains($0) })
  }

  @Test(arguments: [1, 2, 3, 7, 10, 256, 1000])
  func smallBoundsAreUniform(bound: Int) {
    var stream = Self.stream(sample: bound)
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<(100 * bound) { counts[stream.integer(below: bound)] += 1 }
    // Five standard deviations above the mean of the chi-square distribution.
    let freedom = Double(bound - 1)
    #expect(chiSquare(counts) <= freedom + 5 * (2 * freedom).squareRoot() + 3)
  }

  /// With three eighths of 2⁶⁴, a remainder would favour small numbers (3 : 2), and a multiplication
  /// without rejection two of each three neighbours (3 : 3 : 2).
  @Test func aLargeBoundHasNoBias() {
    var stream = Self.stream()
    let bound = 3 << 61
    var (thirds, remainders) = ([0, 0, 0], [0, 0, 0])
    for _ in 0..<30_000 {
      let number = stream.integer(below: bound)
      #expect((0..<bound).contains(number))
      thirds[number / (bound / 3)] += 1
      remainders[number % 3] += 1
    }
    #expect(chiSquare(thirds) < 20)
    #expect(chiSquare(remainders) < 20)
  }

  @Test func normalNumbersHaveMeanZeroAndVarianceOne() {
    var stream = Self.stream()
    let numbers = (0..<100_000).map { _ in stream.normal() }
    func moment(_ power: Int) -> Double {
      numbers.reduce(0) { sum, number in
        sum + (0..<power).reduce(1) { product, _ in product * number }
      } / Double(numbers.count)
    }
    #expect(abs(moment(1)) < 0.02)
    #expect(abs(moment(2) - 1) < 0.03)
    #expect(abs(moment(3)) < 0.06)
    #expect(abs(moment(4) - 3) < 0.15)
  }

  @Test(arguments: [0, 1, 2, 17, 1000]) func permutationsHoldEachNumberOnce(count: Int) {
    var stream = Self.stream(sample: count)
    #expect(stream.permutation(of: count).sorted() == Array(0..<count))
  }

  @Test func allPermutationsComeUpEquallyOften() {
    var stream = Self.stream()
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 { counts[stream.permutation(of: 4), default: 0] += 1 }
    #expect(counts.count == 24)
    #expect(chiSquare(Array(counts.values)) < 60, "23 degrees of freedom")
  }

  /// The distance of counts from equal ones, in the units of the chi-square distribution.
  private func chiSquare(_ counts: [Int]) -> Double {
    let mean = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) / mean }
  }
}
