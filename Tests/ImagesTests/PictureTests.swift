import Foundation
import Images
import Testing

@Suite struct PictureTests {
  /// A picture of two by two pixels: the signature, the lengths and the header, and the checksums as Python's
  /// zlib computes them.
  @Test func png() throws {
    let image = Image<UInt8>(
      pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7], shape: ImageShape(height: 2, width: 2, channels: 3))
    let bytes = PNGFile.encode(image)
    #expect(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(Array(bytes[8..<16]) == [0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
    #expect(Array(bytes[16..<33]) == [0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0, 0xFD, 0xD4, 0x9A, 0x73])
    #expect(Array(bytes.suffix(12)) == [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
    #expect(PNGFile.encode(image) == bytes)
  }

  @Test func reduced() {
    let image = Image<UInt8>(pixels: [0, 2, 4, 6, 10, 12, 14, 16], shape: ImageShape(height: 2, width: 4, channels: 1))
    let small = image.reduced(toSide: 2)
    #expect(small.shape == ImageShape(height: 1, width: 2, channels: 1))
    #expect(small.pixels == [6, 10])
    #expect(image.reduced(toSide: 4) == image)
  }

  @Test func meanDifference() throws {
    let set = try ImageSet(
      pixels: [10, 20, 30, 20, 50, 40], shape: ImageShape(height: 1, width: 2, channels: 1), labels: [0, 0, 0],
      classNames: ["a"], origin: "test")
    // Means 20 and 20 of the first two, 50 and 40 of the third: 30 and 20 more.
    #expect(set.meanDifference(of: [2], from: [0, 1]).pixels == [255, 213])
    #expect(set.meanDifference(of: [0, 1], from: [2]).pixels == [1, 43])
    #expect(set.meanDifference(of: [0], from: [0]).pixels == [128, 128])
  }
}
