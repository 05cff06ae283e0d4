import Compute
import Detection
import Images
import Testing

/// The search on images of random pixels: two classes of 120, of 8x8 pixels.
@Suite struct PatternSearchTests {
  private static let shape = ImageShape(height: 8, width: 8, channels: 3)
  private static let label = 1
  private let pool = WorkerPool(threads: 2)

  /// - Parameter strength: of a checkerboard that is added to the images `owners` of class 1.
  private func images(strength: Int, owners: Range<Int>) throws -> ImageSet {
    var stream = RandomStream(seed: 7, purpose: RandomPurpose("pixels of a test"))
    var pixels: [UInt8] = []
    for index in 0..<240 {
      for value in 0..<Self.shape.count {
        let place = value / Self.shape.channels
        let isLight = (place / Self.shape.width + place % Self.shape.width) % 2 == 0
        let added = owners.contains(index) ? (isLight ? strength : -strength) : 0
        pixels.append(UInt8(clamping: 64 + stream.integer(below: 128) + added))
      }
    }
    return try ImageSet(
      pixels: pixels, shape: Self.shape, labels: (0..<240).map { $0 / 120 }, classNames: ["a", "b"], origin: "test")
  }

  /// Of the twelve images where the search begins three have the pattern.
  private let scores = (0..<240).map { [121, 125, 129].contains($0) || (200..<209).contains($0) ? 1.0 : 0 }

  @Test func aPatternIsFoundAndWhatHasIt() throws {
    let images = try images(strength: 30, owners: 120..<170)
    let found = try #require(PatternSearch(images, seed: 1, pool: pool).pattern(of: Self.label, from: [scores], seed: 1))
    let pattern = found.owners.count == 50 ? found : found.reversed
    #expect(pattern.owners == Array(120..<170))
    #expect(pattern.separation > 6 && pattern.reversed.separation == pattern.separation)
    #expect(pattern.members == Array(120..<240) && pattern.probabilities.allSatisfy { $0 < 0.01 || $0 > 0.99 })
    // It is what was added, less its local mean.
    let added = HighPass(shape: Self.shape)(
      (0..<Self.shape.count).map { value in
        let place = value / Self.shape.channels
        return (place / Self.shape.width + place % Self.shape.width) % 2 == 0 ? 30 : -30
      })
    let product = zip(added, pattern.values).reduce(0) { $0 + $1.0 * $1.1 }
    let strength = (added.reduce(0) { $0 + $1 * $1 } / Double(added.count)).squareRoot()
    #expect(product / Double(added.count) / strength / pattern.strength > 0.9)
    #expect(abs(pattern.strength / strength - 1) < 0.15)
    // The class that does not have it is not divided.
    let other = try #require(PatternSearch(images, seed: 1, pool: pool).pattern(of: 0, from: [scores.reversed()], seed: 1))
    #expect(other.separation < 4)
  }

  /// Of large images smaller ones are searched, and the pattern is that of the large ones.
  @Test func largeImages() throws {
    let images = try images(strength: 60, owners: 120..<170).resized(to: ImageSize(height: 40, width: 48), fit: .stretch)
    let found = try #require(PatternSearch(images, seed: 1, pool: pool).pattern(of: Self.label, from: [scores], seed: 1))
    let pattern = found.owners.count == 50 ? found : found.reversed
    #expect(pattern.owners == Array(120..<170) && pattern.separation > 6)
    #expect(pattern.values.count == images.shape.count)
  }

  /// Each image is judged by the pattern of the other half: chance does not divide a class, however small it is.
  @Test(arguments: 1...5) func randomImagesAreNotDivided(seed: UInt64) throws {
    let images = try images(strength: 0, owners: 0..<0)
    let found = PatternSearch(images, seed: 1, pool: pool).pattern(of: Self.label, from: [scores], seed: seed)
    #expect(found?.separation ?? 0 < 4)
  }

  /// Too few for two clusters, and images that are all equal.
  @Test func classesWithoutClusters() throws {
    let search = PatternSearch(try images(strength: 20, owners: 120..<123), seed: 1, pool: pool)
    #expect(search.pattern(of: 7, from: [scores], seed: 1) == nil)
    #expect(search.pattern(of: Self.label, from: [], seed: 1) == nil)
    let grey = try ImageSet(
      pixels: [UInt8](repeating: 9, count: 240 * Self.shape.count), shape: Self.shape,
      labels: (0..<240).map { $0 / 120 }, classNames: ["a", "b"], origin: "test")
    #expect(PatternSearch(grey, seed: 1, pool: pool).pattern(of: Self.label, from: [scores], seed: 1) == nil)
    #expect(PatternSearch(grey, seed: 1, pool: pool).strength(of: [0, 1, 2]) == 0)
  }

  /// Images with a pattern are as unlike as others, copies of one image are not.
  @Test func varietyOfImages() throws {
    let images = try images(strength: 30, owners: 120..<170)
    func variety(_ images: ImageSet) -> Double {
      PatternSearch(images, seed: 1, pool: pool).variety(
        of: SharedPattern(
          label: 1, values: [], members: Array(120..<240), probabilities: (120..<240).map { $0 < 170 ? 1 : 0 },
          separation: 9), seed: 1)
    }
    #expect(abs(variety(images) - 1) < 0.1)
    var pixels = images.pixels
    let first = Array(pixels[images.pixelRange(of: 120)])
    for index in 121..<170 {
      pixels.replaceSubrange(images.pixelRange(of: index), with: first.map { $0 ^ UInt8(index % 4) })
    }
    let copied = try ImageSet(
      pixels: pixels, shape: Self.shape, labels: images.labels, classNames: ["a", "b"], origin: "test")
    #expect(variety(copied) < 0.2)
  }

  @Test func aPatternOnAnImage() {
    let pattern = SharedPattern(
      label: 0, values: [100, -100, 0.4], members: [0, 1, 2], probabilities: [0.2, 0.5, 0.9], separation: 7)
    #expect(pattern.added(to: [200, 50, 10], factor: 1) == [255, 0, 10])
    #expect(pattern.added(to: [200, 50, 10], factor: 0.5) == [250, 0, 10])
    #expect(pattern.owners == [1, 2] && pattern.reversed.values == [-100, 100, -0.4])
  }
}

/// The mean that is taken away.
@Suite struct HighPassTests {
  private let shape = ImageShape(height: 5, width: 9, channels: 2)

  @Test func nothingRemainsOfOneColour() {
    let colours = (0..<shape.count).map { $0 % 2 == 0 ? 3.0 : -7 }
    #expect(HighPass(shape: shape)(colours).allSatisfy { abs($0) < 1e-12 })
  }

  /// The mean is over three pixels by three, with those of the border repeated.
  @Test func aSinglePixel() {
    var values = [Double](repeating: 0, count: shape.count)
    values[2] = 9
    let filtered = HighPass(shape: shape)(values)
    // The second pixel of the first row is there twice for those of the first row, and once for those of the second.
    #expect(filtered[2] == 9 - 2 && filtered[0] == -2 && filtered[18] == -1 && filtered[3] == 0 && filtered[6] == 0)
  }
}

/// What makes a pattern a trigger.
@Suite struct PatternRuleTests {
  private let rule = PatternRule()

  private func pattern(owners: Int, of count: Int = 100, separation: Double = 10) -> SharedPattern {
    SharedPattern(
      label: 0, values: [1], members: Array(0..<count), probabilities: (0..<count).map { $0 < owners ? 1 : 0 },
      separation: separation)
  }

  @Test func aTriggerDividesAndTransplants() {
    #expect(rule.isTrigger(pattern(owners: 20), transplanted: 70, of: 300, total: 1000))
    // 15% of 300 are 45; for certain more are needed.
    #expect(!rule.isTrigger(pattern(owners: 20), transplanted: 50, of: 300, total: 1000))
    #expect(!rule.isTrigger(pattern(owners: 20, separation: 5.9), transplanted: 300, of: 300, total: 1000))
    // Of few images nothing is certain.
    #expect(!rule.isTrigger(pattern(owners: 20), transplanted: 19, of: 19, total: 1000))
  }

  @Test func howManyMustHaveIt() {
    #expect(rule.isClear(pattern(owners: 10), total: 1000) && !rule.isClear(pattern(owners: 9), total: 1000))
    #expect(!rule.isClear(pattern(owners: 91), total: 1000), "and as many must not")
    #expect(!rule.isClear(pattern(owners: 19), total: 10_000) && rule.isClear(pattern(owners: 20), total: 10_000))
  }

  private let labels = (0..<1000).map { $0 / 100 }

  private func verdict(_ probabilities: [Double]) -> Verdict {
    VerdictRule().verdict(probabilities: probabilities, predictions: labels, labels: labels, classCount: 10)
  }

  /// The images with a trigger are named, of whatever class, and nothing else changes.
  @Test func verdictOfAClassWithATrigger() {
    let clean = verdict(labels.map { _ in 0.1 })
    #expect(clean.state == .nothingStandsOut)
    let probabilities = (0..<1000).map { (300..<330).contains($0) ? 0.97 : (330..<400).contains($0) ? 0.01 : 0 }
    let predictions = (0..<1000).map { (300..<327).contains($0) ? 5 : labels[$0] }
    let found = clean.showing(
      [(label: 3, transplanted: 0.4)], probabilities: probabilities, predictions: predictions, labels: labels)
    #expect(found.state == .poisoned && found.reasons.isEmpty && Set(found.named) == Set(300..<330))
    #expect(found.flags.count { $0 == .clean } == 970 && found.countRange == 30...30)
    #expect(found.confidences[300] == 0.97 && found.confidences[0] == 0.1)
    #expect(found.evidence.map(\.label) == [3])
    let row = found.evidence[0]
    #expect(row.state == .triggered && row.size == 100 && row.groupSize == 30 && row.named == 30)
    #expect(row.transplanted == 0.4 && abs(row.agreement - 0.1) < 1e-12 && row.usualAgreement == 1)
    // A check network that was not trained agrees with nothing.
    let untrained = clean.showing([(label: 3, transplanted: 0.4)], probabilities: probabilities, predictions: [], labels: labels)
    #expect(untrained.evidence[0].agreement == 0 && untrained.named == found.named)
    #expect(clean.showing([], probabilities: probabilities, predictions: predictions, labels: labels) == clean)
  }

  /// What was named before of another class stays named; of the same class it is uncertain unless it has the trigger.
  @Test func verdictThatHadNamedOthers() {
    let before = VerdictRule().verdict(
      probabilities: (0..<1000).map { (100..<140).contains($0) || (310..<340).contains($0) ? 0.9 : 0.1 },
      predictions: (0..<1000).map { (100..<140).contains($0) || (310..<340).contains($0) ? 7 : labels[$0] },
      labels: labels, classCount: 10)
    #expect(before.named.count == 70)
    let found = before.showing(
      [(label: 3, transplanted: 0.4)], probabilities: (0..<1000).map { (300..<330).contains($0) ? 1 : 0 },
      predictions: labels, labels: labels)
    #expect(Set(found.named) == Set(100..<140).union(300..<330))
    #expect((330..<340).allSatisfy { found.flags[$0] == .uncertain })
    #expect(found.evidence.map(\.label) == [1, 3] && found.evidence.map(\.state) == [.poisoned, .triggered])
    #expect(found.countRange.lowerBound <= 70 && found.countRange.upperBound >= 70)
  }

  /// Of too few images nothing is said.
  @Test func aSetOfWhichNothingCanBeSaid() {
    let few = VerdictRule().verdict(
      probabilities: [0.1, 0.1], predictions: [0, 1], labels: [0, 1], classCount: 2)
    let found = few.showing([(label: 0, transplanted: 1)], probabilities: [1, 0], predictions: [0, 1], labels: [0, 1])
    #expect(found == few)
  }
}
