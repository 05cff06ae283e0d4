import Images
import Testing

@Suite struct CollectionFaultsTests {
  /// Four classes of 100 images of 2x2 pixels; every image has pixels of its own.
  private let images: ImageSet

  init() throws {
    let pixels = (0..<1600).map { place -> UInt8 in
      let (index, offset) = place.quotientAndRemainder(dividingBy: 4)
      return UInt8(10 + (index * 7 + offset * 53) % 230)
    }
    images = try ImageSet(
      pixels: pixels, shape: ImageShape(height: 2, width: 2, channels: 1),
      labels: (0..<400).map { $0 % 4 }, classNames: ["a", "b", "c", "d"], origin: "a test")
  }

  @Test func withoutFaultsNothingChanges() {
    let result = CollectionFaults(seed: 1).apply(to: images)
    #expect(result.images.pixels == images.pixels)
    #expect(result.images.labels == images.labels)
    #expect(result.sources == Array(0..<400))
    #expect(!result.isDuplicate.contains(true) && !result.isMislabelled.contains(true))
    #expect(!result.isOdd.contains(true))
  }

  /// Part of one class comes from another source, and only that part is changed.
  @Test func anotherSourceIsOfOneClass() throws {
    let result = CollectionFaults(odd: 0.2, oddSource: .letterboxed, seed: 6).apply(to: images)
    let odd = (0..<400).filter { result.isOdd[$0] }
    #expect(odd.count == 20)
    #expect(Set(odd.map { images.labels[$0] }).count == 1)
    #expect(result.images.labels == images.labels)
    for index in 0..<400 {
      // Two rows of two pixels: both are bars.
      #expect(result.images[index].pixels == (result.isOdd[index] ? [0, 0, 0, 0] : images[index].pixels))
    }
    #expect(
      result.isOdd != CollectionFaults(odd: 0.2, oddSource: .letterboxed, seed: 7).apply(to: images).isOdd)
  }

  /// One image of a class is there twenty times, the others stay as they are.
  @Test func copiesAreOfOneImage() throws {
    let result = CollectionFaults(copied: 0.2, seed: 6).apply(to: images)
    let copies = (0..<400).filter { result.isDuplicate[$0] }
    #expect(copies.count == 19 && Set(copies.map { result.sources[$0] }).count == 1)
    let source = try #require(copies.first.map { result.sources[$0] })
    #expect(copies.allSatisfy { images.labels[$0] == images.labels[source] })
    #expect(result.images.labels == images.labels)
    for index in 0..<400 where !result.isDuplicate[index] {
      #expect(result.images[index].pixels == images[index].pixels)
    }
    for index in copies {
      let original = images[source].pixels
      let swapped = [original[1], original[0], original[3], original[2]]
      #expect([original, swapped].contains { zip(result.images[index].pixels, $0).allSatisfy { abs(Int($0) - Int($1)) <= 8 } })
    }
  }

  /// 1:10 in size leaves some classes few images; wrong labels come after: an odd image may have one.
  @Test func faultsAddUp() {
    let result = CollectionFaults(imbalance: 10, duplicates: 0.2, mislabelled: 0.5, odd: 1, seed: 8)
      .apply(to: images)
    let odd = result.isOdd.indices.filter { result.isOdd[$0] }
    let classes = odd.map { images.labels[result.sources[$0]] }
    #expect(Set(classes).count == 1)
    #expect(odd.contains { result.isMislabelled[$0] } && odd.contains { !result.isMislabelled[$0] })
    #expect(odd.allSatisfy { result.images[$0].pixels == [0, 0, 0, 0] })
  }

  /// 100, and then 100 / 8^(1/3), 100 / 8^(2/3), 100 / 8.
  @Test func classesBecomeUnequal() {
    let result = CollectionFaults(imbalance: 8, seed: 2).apply(to: images)
    #expect(result.images.classSizes.sorted() == [13, 25, 50, 100])
    for (index, source) in result.sources.enumerated() {
      #expect(result.images[index].pixels == images[source].pixels)
      #expect(result.images.labels[index] == images.labels[source])
    }
  }

  @Test func duplicatesAreNearOnesOfTheirClass() {
    let result = CollectionFaults(duplicates: 0.25, seed: 3).apply(to: images)
    #expect(result.isDuplicate.count { $0 } == 100)
    var mirrored = 0
    for index in 0..<400 where result.isDuplicate[index] {
      let source = result.sources[index]
      #expect(!result.isDuplicate[source])
      #expect(images.labels[source] == images.labels[index])
      let (copy, original) = (result.images[index].pixels, images[source].pixels)
      let swapped = [original[1], original[0], original[3], original[2]]
      func isNear(_ other: [UInt8]) -> Bool {
        let steps = zip(copy, other).map { Int($0) - Int($1) }
        return Set(steps).count == 1 && abs(steps[0]) <= 8
      }
      #expect(isNear(original) || isNear(swapped))
      if !isNear(original) { mirrored += 1 }
    }
    #expect((25...75).contains(mirrored))
  }

  @Test func wrongLabelsAreThoseOfOtherClasses() {
    let result = CollectionFaults(mislabelled: 0.3, seed: 4).apply(to: images)
    #expect(result.images.pixels == images.pixels)
    let wrong = (0..<400).filter { result.images.labels[$0] != images.labels[$0] }
    #expect(wrong.count == 120)
    #expect(wrong == (0..<400).filter { result.isMislabelled[$0] })
    // Every class is given to others: 120 wrong labels in four classes.
    #expect(Set(wrong.map { result.images.labels[$0] }).count == 4)
  }

  @Test func theSeedDecides() {
    func labels(_ seed: UInt64) -> [Int] {
      CollectionFaults(mislabelled: 0.3, seed: seed).apply(to: images).images.labels
    }
    #expect(labels(5) == labels(5))
    #expect(labels(5) != labels(6))
  }

  /// A class keeps its last image, and one class alone has no other label.
  @Test func smallSets() throws {
    let single = try ImageSet(
      pixels: [1, 2, 3], shape: ImageShape(height: 1, width: 1, channels: 1), labels: [0, 0, 0],
      classNames: ["a"], origin: "a test")
    let result = CollectionFaults(imbalance: 10, duplicates: 0.9, mislabelled: 1, seed: 1)
      .apply(to: single)
    #expect(result.images.labels == [0, 0, 0])
    #expect(!result.isMislabelled.contains(true))
    let two = try ImageSet(
      pixels: [1, 2], shape: ImageShape(height: 1, width: 1, channels: 1), labels: [0, 1],
      classNames: ["a", "b"], origin: "a test")
    #expect(CollectionFaults(imbalance: 1000, seed: 1).apply(to: two).images.labels == [0, 1])
  }
}
