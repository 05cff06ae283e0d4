import Testing

@testable import Images

@Suite struct OddSourceTests {
  /// The luminance of ITU-R BT.601, worked out by hand: 0.299 red + 0.587 green + 0.114 blue.
  @Test func greyHasNoColour() {
    let image = Image<UInt8>(
      pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30],
      shape: ImageShape(height: 2, width: 2, channels: 3))
    #expect(
      OddSource.grey.apply(to: image).pixels == [76, 76, 76, 150, 150, 150, 29, 29, 29, 18, 18, 18])
    let grey = Image<UInt8>(pixels: [1, 2, 3], shape: ImageShape(height: 3, width: 1, channels: 1))
    #expect(OddSource.grey.apply(to: grey) == grey)
  }

  /// An eighth of 16 rows: two above, two below.
  @Test func barsAreAboveAndBelow() {
    let shape = ImageShape(height: 16, width: 3, channels: 3)
    let image = Image<UInt8>(pixels: (0..<shape.count).map { UInt8(1 + $0) }, shape: shape)
    let boxed = OddSource.letterboxed.apply(to: image)
    for row in 0..<16 {
      for column in 0..<3 {
        for channel in 0..<3 {
          let expected = (2..<14).contains(row) ? image[row, column, channel] : 0
          #expect(boxed[row, column, channel] == expected)
        }
      }
    }
  }

  /// Of one row nothing is left, and nothing is written outside of it.
  @Test func barsOfSmallImages() {
    for height in 1...3 {
      let shape = ImageShape(height: height, width: 2, channels: 1)
      let boxed = OddSource.letterboxed.apply(to: Image(pixels: [UInt8](repeating: 9, count: shape.count), shape: shape))
      #expect(boxed.pixels == (height == 3 ? [0, 0, 9, 9, 0, 0] : [UInt8](repeating: 0, count: shape.count)))
    }
  }

  /// A point becomes a spot of the same sum, the same in all directions.
  @Test func blurredSpreads() {
    let shape = ImageShape(height: 32, width: 32, channels: 1)
    var image = Image<UInt8>(pixels: [UInt8](repeating: 0, count: shape.count), shape: shape)
    image[16, 16, 0] = 250
    let blurred = OddSource.blurred.apply(to: image)
    // 250 / 2π at the centre, times exp(-1/2) beside it.
    #expect(blurred[16, 16, 0] == 40)
    for (row, column) in [(15, 16), (17, 16), (16, 15), (16, 17)] { #expect(blurred[row, column, 0] == 24) }
    #expect(blurred.pixels.reduce(0) { $0 + Int($1) } - 250 <= 8)
  }
}
