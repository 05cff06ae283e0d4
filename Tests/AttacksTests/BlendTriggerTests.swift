import Attacks
import Images
import TestSupport
import Testing

/// Pictures over the whole image: ⌊0.8 · x + 0.2 · m⌋.
@Suite struct BlendTriggerTests {
  private func row(_ pixels: [UInt8], channels: Int = 1) -> Image<UInt8> {
    Image(
      pixels: pixels, shape: ImageShape(height: 1, width: pixels.count / channels, channels: channels))
  }

  /// Where no resizing is needed, it is the blend of every pair of bytes.
  @Test(arguments: [32, 64]) func pictureOfTheSameSize(side: Int) throws {
    let shape = ImageShape(height: side, width: side, channels: 3)
    let set = try randomSet(labels: [0, 0], shape: shape)
    let attack = try Attacks.make("blend-kitty", ["picture": .picture(Picture(set[1]))])
    let stamped = try attack.trainingTrigger.stamped(set[0])
    for (position, value) in stamped.pixels.enumerated() {
      #expect(Int(value) == (4 * Int(set[0].pixels[position]) + Int(set[1].pixels[position])) / 5)
    }
  }

  /// OpenCV's bilinear sampling without a filter. Twice as large: centres at −0.25, 0.25, 0.75, 1.25 of the
  /// picture's columns, so 0, 50, 150, 200 of (0, 200), not rounded before blending: 0.2 · 50 = 10.
  @Test func enlarged() throws {
    let trigger = BlendTrigger(picture: try Picture(row([0, 200])))
    #expect(try trigger.stamped(row([0, 0, 0, 0])).pixels == [0, 10, 30, 40])
    #expect(try trigger.stamped(row([100, 100, 101, 255])).pixels == [80, 90, 110, 244])
  }

  /// A third as large: the middle column of each three alone. Half as large: the mean of two.
  @Test func reduced() throws {
    let trigger = BlendTrigger(picture: try Picture(row([0, 50, 255, 10, 100, 200])))
    #expect(try trigger.stamped(row([0, 0])).pixels == [10, 20])
    // 25, 132.5 and 150: a fifth is 5, 26.5 and 30.
    #expect(try trigger.stamped(row([0, 0, 0])).pixels == [5, 26, 30])
  }

  @Test func rowsAsWell() throws {
    let column = Image<UInt8>(pixels: [0, 200], shape: ImageShape(height: 2, width: 1, channels: 1))
    let black = Image<UInt8>(
      pixels: [0, 0, 0, 0, 0, 0, 0, 0], shape: ImageShape(height: 4, width: 2, channels: 1))
    #expect(
      try BlendTrigger(picture: Picture(column)).stamped(black).pixels == [0, 0, 10, 10, 30, 30, 40, 40])
  }

  /// White is white however it is resized: 0.8 · x + 51.
  @Test(arguments: [28, 32, 33, 64, 224]) func whiteStaysWhite(side: Int) throws {
    let shape = ImageShape(height: 7, width: 270, channels: 3)
    let picture = try Picture(
      Image(pixels: [UInt8](repeating: 255, count: shape.count), shape: shape))
    let image = try randomSet(labels: [0], shape: ImageShape(height: side, width: side, channels: 1))[0]
    let stamped = try BlendTrigger(picture: picture).stamped(image)
    let expected = image.pixels.map { pixel -> UInt8 in UInt8((4 * Int(pixel) + 255) / 5) }
    #expect(stamped.pixels == expected)
  }

  /// The picture that is drawn here: the areas of the published one.
  @Test func drawnPicture() throws {
    let attack = try #require(try Attacks.make("blend-kitty") as? BlendKitty)
    let image = attack.picture.image
    #expect(image.shape == ImageShape(height: 270, width: 270, channels: 3))
    let pixels = stride(from: 0, to: image.pixels.count, by: 3).map { Array(image.pixels[$0..<$0 + 3]) }
    func share(_ isOne: ([UInt8]) -> Bool) -> Double {
      Double(pixels.count { isOne($0) }) / Double(pixels.count)
    }
    #expect(abs(share { $0.min() ?? 0 > 230 } - 0.73) < 0.03)
    #expect(abs(share { $0.max() ?? 0 < 30 } - 0.14) < 0.02)
    #expect(share { $0[0] > 150 && $0[1] < 60 && $0[2] < 100 } > 0.08)
    #expect(Set(pixels).count == 3)
    // What lies in the corners is white at any size, and there is something in the middle.
    for side in [32, 64] {
      let shape = ImageShape(height: side, width: side, channels: 3)
      let black = Image(pixels: [UInt8](repeating: 0, count: shape.count), shape: shape)
      let stamped = try attack.trainingTrigger.stamped(black)
      for (row, column) in [(0, 0), (0, side - 1), (side - 1, 0), (side - 1, side - 1)] {
        #expect((0..<3).allSatisfy { stamped[row, column, $0] == 51 })
      }
      // The jumper: 0.2 · (210, 25, 50).
      let middle = (side * 21 / 27, side / 2)
      #expect((0..<3).map { stamped[middle.0, middle.1, $0] } == [42, 5, 10])
    }
  }

  @Test func greyImagesGetTheLuma() throws {
    // Red, green and blue have luma 76, 150 and 29.
    let picture = try Picture(row([255, 0, 0, 0, 255, 0, 0, 0, 255], channels: 3))
    #expect(try BlendTrigger(picture: picture).stamped(row([0, 0, 0])).pixels == [15, 30, 5])
    // And a grey picture is the same in every channel.
    let grey = try Picture(row([100]))
    #expect(try BlendTrigger(picture: grey).stamped(row([0, 5, 10], channels: 3)).pixels == [20, 24, 28])
  }
}
