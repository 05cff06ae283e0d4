import Images
import TestSupport
import Testing

@Suite struct WrapAroundTests {
  private func views(
    of images: ImageSet, _ view: WrapAround, epoch: Int = 0
  ) -> [[Float]] {
    let assembler = BatchAssembler(
      images: images, normalization: Normalization(mean: [0, 0, 0], standardDeviation: [1, 1, 1]))
    let size = images.shape.count
    let all = [Float](unsafeUninitializedCapacity: images.count * size) { buffer, initialized in
      if let base = buffer.baseAddress {
        assembler.assemble(
          Array(images.labels.indices)[...], wrapped: view, seed: 3, epoch: epoch, into: base)
      }
      initialized = images.count * size
    }
    return images.labels.indices.map { Array(all[$0 * size..<($0 + 1) * size]) }
  }

  /// Every view is one of the possible ones, no pixel is lost, and all outcomes come up.
  @Test func viewsAreShiftedAroundTheEdge() throws {
    // Of 16 rows, 6 pixels of 32 are 3; of 8 columns 1.5, rounded up.
    let shape = ImageShape(height: 16, width: 8, channels: 3)
    let one = try randomSet(labels: [0], shape: shape)
    let count = 2000
    let images = try ImageSet(
      pixels: (0..<count).flatMap { _ in one.pixels }, shape: shape,
      labels: [Int](repeating: 0, count: count), classNames: ["0"], origin: "test")
    var outcomes: [[Float]: (Int, Int, Bool)] = [:]
    for rows in -3...3 {
      for columns in -2...2 {
        for isMirrored in [false, true] {
          var view = [Float](repeating: 0, count: shape.count)
          for row in 0..<16 {
            for column in 0..<8 {
              let (to, from) = ((row + rows + 16) % 16, (column + columns + 8) % 8)
              for channel in 0..<3 {
                view[(to * 8 + (isMirrored ? 7 - from : from)) * 3 + channel] =
                  Float(one.pixels[(row * 8 + column) * 3 + channel]) / 255
              }
            }
          }
          outcomes[view] = (rows, columns, isMirrored)
        }
      }
    }
    var found: [Int: Int] = [:]
    for view in views(of: images, WrapAround(reach: 6)) {
      let (rows, columns, isMirrored) = try #require(outcomes[view])
      found[(rows * 100 + columns) * 2 + (isMirrored ? 1 : 0), default: 0] += 1
    }
    #expect(found.count == 70)
    // 28.6 each on average.
    #expect(found.values.allSatisfy { (8...60).contains($0) })
  }

  @Test func aShareIsChanged() throws {
    let images = try randomSet(labels: [Int](repeating: 0, count: 400))
    let plain = views(of: images, WrapAround(reach: 6, share: 0))
    #expect(plain[7] == images[7].pixels.map { Float($0) / 255 })
    let half = views(of: images, WrapAround(reach: 6, share: 0.5))
    let changed = zip(plain, half).count { $0 != $1 }
    #expect((160...240).contains(changed))
    #expect(views(of: images, WrapAround(reach: 6, share: 0.5), epoch: 1) != half)
    #expect(views(of: images, WrapAround(reach: 6, share: 0.5)) == half)
  }
}
