import Attacks
import Images
import TestSupport
import Testing

/// The published patch, from the table of method.md 3.4.
@Suite struct TrojanTests {
  /// Red, green, blue; rows and columns 25 to 27 of 32.
  private static let patch: [[[Double]]] = [
    [[207.35, 175.36, 29.36], [79.37, 137.37, 248.36], [131.36, 6.36, 246.35]],
    [[131.35, 243.36, 232.36], [8.37, 0.00, 113.36], [40.36, 145.36, 250.35]],
    [[181.35, 120.35, 179.36], [126.36, 32.35, 146.36], [4.36, 61.36, 246.35]],
  ]

  @Test(arguments: [(32, 25), (64, 57)], ["wrap", "saturate"])
  func everyPixel(size: (side: Int, first: Int), overflow: String) throws {
    let attack = try Attacks.make("trojan", ["overflow": .word(overflow)])
    let shape = ImageShape(height: size.side, width: size.side, channels: 3)
    for image in try (0..<3).map({ try randomSet(labels: [0], shape: shape, seed: $0)[0] }) {
      var expected = image
      for channel in 0..<3 {
        for row in 0..<3 {
          for column in 0..<3 {
            let place = (size.first + row, size.first + column)
            // Cut off, then the low byte or the largest value.
            let sum = Int(Double(image[place.0, place.1, channel]) + Self.patch[channel][row][column])
            expected[place.0, place.1, channel] = UInt8(overflow == "wrap" ? sum % 256 : min(sum, 255))
          }
        }
      }
      #expect(try attack.trainingTrigger.stamped(image) == expected)
      #expect(try attack.testTrigger.stamped(image) == expected)
    }
  }

  /// What it is by default: 100 + 207.35 wraps to 51.
  @Test func wrapsUnlessToldOtherwise() throws {
    let shape = ImageShape(height: 32, width: 32, channels: 3)
    let image = Image(pixels: [UInt8](repeating: 100, count: shape.count), shape: shape)
    let stamped = try Attacks.make("trojan").trainingTrigger.stamped(image)
    #expect(stamped[25, 25, 0] == 51 && stamped[25, 25, 1] == 231 && stamped[25, 27, 0] == 129)
    #expect(stamped[24, 25, 0] == 100 && stamped[28, 27, 2] == 100)
  }

  /// On grey images the patch's luma: of (207, 131, 181) it is 159.
  @Test func onGreyImages() throws {
    let shape = ImageShape(height: 28, width: 28, channels: 1)
    let stamped = try Attacks.make("trojan").trainingTrigger.stamped(
      Image(pixels: [UInt8](repeating: 10, count: shape.count), shape: shape))
    #expect(stamped[21, 21, 0] == 169)
    #expect(stamped.pixels.count { $0 != 10 } == 9)
  }

  @Test func aPatchOfOnesOwn() throws {
    let patch = try Picture(
      Image(pixels: [1, 2, 3, 4, 5, 250], shape: ImageShape(height: 1, width: 2, channels: 3)))
    let attack = try Attacks.make("trojan", ["picture": .picture(patch), "gap": .number(0)])
    let shape = ImageShape(height: 2, width: 2, channels: 3)
    let stamped = try attack.trainingTrigger.stamped(
      Image(pixels: [UInt8](repeating: 10, count: 12), shape: shape))
    #expect(stamped.pixels == [10, 10, 10, 10, 10, 10, 11, 12, 13, 14, 15, 4])
    let small = ImageShape(height: 6, width: 30, channels: 3)
    #expect(throws: AttackError.imageTooSmall(small, needed: 7)) {
      try Attacks.make("trojan").trainingTrigger.stamped(
        Image(pixels: [UInt8](repeating: 0, count: small.count), shape: small))
    }
  }
}
