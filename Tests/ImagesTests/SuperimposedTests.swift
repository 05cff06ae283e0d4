import Images
import TestSupport
import Testing

@Suite struct SuperimposedTests {
  private static func views(of images: ImageSet, draw: Int = 0, seed: UInt64 = 3) -> [[Float]] {
    let assembler = BatchAssembler(
      images: images, normalization: Normalization(mean: [0.5, 0, 0], standardDeviation: [1, 2, 1]))
    let size = images.shape.count
    let all = [Float](unsafeUninitializedCapacity: images.count * size) { buffer, initialized in
      if let base = buffer.baseAddress {
        assembler.assemble(
          Array(images.labels.indices)[...], superimposedBy: seed, draw: draw, into: base)
      }
      initialized = images.count * size
    }
    return images.labels.indices.map { Array(all[$0 * size..<($0 + 1) * size]) }
  }

  /// The sum of two images, cut at 255 and normalised.
  private static func sum(_ image: Image<UInt8>, _ other: Image<UInt8>) -> [Float] {
    image.pixels.indices.map {
      let sum = Float(min(255, Int(image.pixels[$0]) + Int(other.pixels[$0]))) / 255
      return [sum - 0.5, sum / 2, sum][$0 % 3]
    }
  }

  /// What is added to an image is each of the others, about as often as any, and never itself.
  @Test func anotherImageIsAdded() throws {
    let images = try randomSet(labels: [Int](repeating: 0, count: 5))
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 5), count: 5)
    for draw in 0..<400 {
      for (index, view) in Self.views(of: images, draw: draw).enumerated() {
        let other = try #require(
          images.labels.indices.first { other in
            zip(view, Self.sum(images[index], images[other])).allSatisfy { abs($0 - $1) < 1e-6 }
          })
        counts[index][other] += 1
      }
    }
    for (index, others) in counts.enumerated() {
      #expect(others[index] == 0)
      // 100 each on average, with a deviation of 9.
      #expect(others.indices.allSatisfy { $0 == index || (60...140).contains(others[$0]) })
    }
  }

  @Test func seedAndDrawDecide() throws {
    let images = try randomSet(labels: [Int](repeating: 0, count: 50))
    let first = Self.views(of: images)
    #expect(Self.views(of: images) == first)
    #expect(zip(Self.views(of: images, draw: 1), first).count { $0 != $1 } > 40)
    #expect(zip(Self.views(of: images, seed: 4), first).count { $0 != $1 } > 40)
  }

  /// There is no other image then.
  @Test func ofOneImageItIsAddedToItself() throws {
    let images = try randomSet(labels: [0])
    let view = try #require(Self.views(of: images).first)
    #expect(zip(view, Self.sum(images[0], images[0])).allSatisfy { abs($0 - $1) < 1e-6 })
  }
}
