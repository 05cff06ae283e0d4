import Foundation
import Images
import Testing

@Suite struct PictureTests {
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
