import Foundation
import Images
import TestSupport
import Testing

@Suite struct WindowTests {
  private static func views(of images: ImageSet, window: Int, side: Int = 3, seed: UInt64 = 3) -> [[Float]] {
    let assembler = BatchAssembler(
      images: images, normalization: Normalization(mean: [0.5, 0, 0], standardDeviation: [1, 2, 1]))
    let size = images.shape.count
    let all = [Float](unsafeUninitializedCapacity: images.count * size) { buffer, initialized in
      if let base = buffer.baseAddress {
        assembler.assemble(
          Array(images.labels.indices)[...], window: window, of: WindowGrid(side: side), seed: seed, into: base)
      }
      initialized = images.count * size
    }
    return images.labels.indices.map { Array(all[$0 * size..<($0 + 1) * size]) }
  }

  /// Where a window of half the size lies that begins at `top` and `left`, and is one image there and another outside.
  private static func composed(
    _ image: Image<UInt8>, over other: Image<UInt8>, top: Int, left: Int, half: (Int, Int), width: Int
  ) -> [Float] {
    image.pixels.indices.map {
      let (row, column) = ($0 / 3 / width, $0 / 3 % width)
      let isInside = row >= top && row < top + half.0 && column >= left && column < left + half.1
      let value = Float(isInside ? image.pixels[$0] : other.pixels[$0]) / 255
      return [value - 0.5, value / 2, value][$0 % 3]
    }
  }

  /// The nine windows of an image, from corner to corner, each over an image with another label.
  @Test func windowsLieOverOthers() throws {
    let images = try randomSet(labels: [0, 0, 1, 1, 1, 2])
    let (height, width) = (images.shape.height, images.shape.width)
    for window in 0..<9 {
      let (top, left) = (window / 3 * (height - height / 2) / 2, window % 3 * (width - width / 2) / 2)
      for (index, view) in Self.views(of: images, window: window).enumerated() {
        let other = images.labels.indices.first { other in
          let expected = Self.composed(
            images[index], over: images[other], top: top, left: left, half: (height / 2, width / 2), width: width)
          return zip(view, expected).allSatisfy { abs($0 - $1) < 1e-6 }
        }
        #expect(try images.labels[#require(other)] != images.labels[index])
      }
    }
  }

  @Test func oneWindowIsInTheMiddle() throws {
    let images = try randomSet(labels: [0, 1])
    let (height, width) = (images.shape.height, images.shape.width)
    let view = try #require(Self.views(of: images, window: 0, side: 1).first)
    let expected = Self.composed(
      images[0], over: images[1], top: (height - height / 2) / 2, left: (width - width / 2) / 2,
      half: (height / 2, width / 2), width: width)
    #expect(zip(view, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func seedAndWindowDecide() throws {
    let images = try randomSet(labels: (0..<50).map { $0 % 2 })
    let first = Self.views(of: images, window: 0)
    #expect(Self.views(of: images, window: 0) == first)
    #expect(zip(Self.views(of: images, window: 0, seed: 4), first).count { $0 != $1 } > 40)
    #expect(zip(Self.views(of: images, window: 1), first).count { $0 != $1 } > 40)
  }

  /// Where all labels are equal any other image will do, and of one image it is that.
  @Test func noOtherLabel() throws {
    let equal = try randomSet(labels: [3, 3, 3])
    let (height, width) = (equal.shape.height, equal.shape.width)
    for (index, view) in Self.views(of: equal, window: 0).enumerated() {
      #expect(
        equal.labels.indices.contains { other in
          let expected = Self.composed(
            equal[index], over: equal[other], top: 0, left: 0, half: (height / 2, width / 2), width: width)
          return other != index && zip(view, expected).allSatisfy { abs($0 - $1) < 1e-6 }
        })
    }
    let one = try randomSet(labels: [0])
    let view = try #require(Self.views(of: one, window: 4).first)
    let whole = Self.composed(one[0], over: one[0], top: 0, left: 0, half: (0, 0), width: width)
    #expect(zip(view, whole).allSatisfy { abs($0 - $1) < 1e-6 })
  }
}
