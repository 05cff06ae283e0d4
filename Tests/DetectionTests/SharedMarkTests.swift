import Compute
import Detection
import Images
import Testing

/// What a group has in common that no class has otherwise.
@Suite struct SharedMarkTests {
  private static let shape = ImageShape(height: 4, width: 4, channels: 3)

  /// Two classes of 60 images of random pixels; in those of `marked` the first row is black.
  private func images(marked: Range<Int>) throws -> ImageSet {
    var stream = RandomStream(seed: 5, purpose: RandomPurpose("pixels of a test"))
    let pixels = (0..<120 * Self.shape.count).map { place -> UInt8 in
      let (index, offset) = place.quotientAndRemainder(dividingBy: Self.shape.count)
      let value = UInt8(stream.integer(below: 256))
      return marked.contains(index) && offset < Self.shape.rowCount ? 0 : value
    }
    return try ImageSet(
      pixels: pixels, shape: Self.shape, labels: (0..<120).map { $0 / 60 }, classNames: ["a", "b"], origin: "test")
  }

  @Test func barsAreFound() throws {
    let images = try images(marked: 0..<20)
    let others = [Array(20..<60), Array(60..<120)]
    let mark = try #require(SharedMark(of: Array(0..<20), unlike: others, in: images))
    #expect(mark.values.map(\.offset) == Array(0..<Self.shape.rowCount) && mark.values.allSatisfy { $0.value == 0 })
    #expect(mark.share == 0.25)
    let plain = [UInt8](repeating: 200, count: Self.shape.count)
    #expect(mark.put(on: plain) == plain.indices.map { $0 < Self.shape.rowCount ? 0 : 200 })
    // A third of the group may lack it.
    #expect(SharedMark(of: Array(0..<29), unlike: others, in: images) == mark)
    #expect(SharedMark(of: Array(0..<50), unlike: others, in: images) == nil)
    #expect(SharedMark(of: [], unlike: others, in: images) == nil)
  }

  /// What the images of a class have alike anyway is what that class looks like.
  @Test func contentIsNoMark() throws {
    let images = try images(marked: 0..<80)
    #expect(SharedMark(of: Array(0..<20), unlike: [Array(100..<120)], in: images) != nil)
    #expect(SharedMark(of: Array(0..<20), unlike: [Array(100..<120), Array(60..<80)], in: images) == nil)
  }

  /// They count where the network is right about fewer.
  @Test func markedPredictions() throws {
    let mark = try #require(
      SharedMark(of: Array(0..<20), unlike: [Array(60..<120)], in: images(marked: 0..<20)))
    var marked = MarkedPredictions()
    let rest = Array(20..<60)
    marked.add(mark, label: 0, rest: rest, marked: rest.map { $0 < 52 ? 0 : 1 }, plain: rest.map { $0 < 52 ? 0 : 1 })
    #expect(marked == MarkedPredictions())
    marked.add(mark, label: 0, rest: [], marked: [], plain: [])
    #expect(marked == MarkedPredictions())
    marked.add(mark, label: 0, rest: rest, marked: rest.map { $0 < 30 ? 0 : 1 }, plain: rest.map { $0 < 52 ? 0 : 1 })
    #expect(marked.shares == [0: 0.25] && marked.predictions.count == 40 && marked.predictions[30] == 1)
  }

  /// A group that the network denies is poison if it is right about others with the mark of the group on them, and not if
  /// it is as wrong about these.
  @Test(arguments: [(0.05, false), (0.4, true), (0.7, true)]) func aMarkExplains(agreeing: Double, isPoisoned: Bool) throws {
    let labels = (0..<1000).map { $0 / 100 }
    let images = try images(marked: 0..<20)
    let mark = try #require(SharedMark(of: Array(0..<20), unlike: [Array(60..<120)], in: images))
    var marked = MarkedPredictions()
    let rest = Array(320..<400)
    marked.add(
      mark, label: 3, rest: rest, marked: rest.map { Double($0 - 320) < agreeing * 80 ? 3 : 7 }, plain: rest.map { _ in 3 })
    #expect(marked.shares == [3: 0.25])
    let found = VerdictRule().verdict(
      probabilities: labels.indices.map { (300..<320).contains($0) ? 0.9 : 0.05 },
      predictions: labels.indices.map { (300..<320).contains($0) ? 7 : labels[$0] }, labels: labels, classCount: 10,
      marked: marked)
    #expect((found.state == .poisoned) == isPoisoned)
    #expect(found.evidence.map(\.mark) == [0.25] && abs((found.evidence.first?.usualAgreement ?? 0) - agreeing) < 0.02)
  }
}
