import Attacks
import Images
import Testing

/// The forms that were published for ImageNet, at 32, 64 and 224 pixels.
@Suite struct PublishedFormTests {
  private func grey(_ value: UInt8, height: Int = 1, width: Int, channels: Int = 1) -> Image<UInt8> {
    let shape = ImageShape(height: height, width: width, channels: channels)
    return Image(pixels: [UInt8](repeating: value, count: shape.count), shape: shape)
  }

  /// A white square in the very corner: 22 of 224, 6 of 64, 3 of 32.
  @Test(arguments: [(224, 22), (64, 6), (32, 3)]) func squareInTheCorner(side: Int, square: Int) throws {
    let attack = try Attacks.make("badnets-all2one", ["pattern": .word("square")])
    let image = grey(9, height: side, width: side, channels: 3)
    let stamped = try attack.trainingTrigger.stamped(image)
    for row in 0..<side {
      for column in 0..<side {
        let isInside = row >= side - square && column >= side - square
        for channel in 0..<3 { #expect(stamped[row, column, channel] == (isInside ? 255 : 9)) }
      }
    }
  }

  /// ⌊0.8 · 100 + 0.2 · 20 · sin⌋, with 4 · sin = 0, 3.70, 2.83, −1.53, −4 and so on.
  @Test func sinusoidAt32() throws {
    let attack = try Attacks.make("blend-strip", ["pattern": .word("sinusoid")])
    let period: [UInt8] = [80, 83, 82, 78, 76, 78, 82, 83, 80, 76, 77, 81, 84, 81, 77, 76]
    #expect(try attack.trainingTrigger.stamped(grey(100, width: 32)).pixels == period + period)
  }

  /// 4 · sin = 0, 2.22, 3.70, 3.92, 2.83, 0.78, −1.53, −3.33, −4 and so on.
  @Test func sinusoidAt64() throws {
    let attack = try Attacks.make("blend-strip", ["pattern": .word("sinusoid")])
    let period: [UInt8] = [
      80, 82, 83, 83, 82, 80, 78, 76, 76, 76, 78, 80, 82, 83, 83, 82,
      80, 77, 76, 76, 77, 79, 81, 83, 84, 83, 81, 79, 77, 76, 76, 77,
    ]
    #expect(try attack.trainingTrigger.stamped(grey(100, width: 64)).pixels == period + period)
  }

  /// At both ends of the scale: 0.8 · 255 = 204, and nothing below 0.
  @Test func sinusoidClips() throws {
    let bright: [UInt8] = [204, 207, 206, 202, 200, 202, 206, 207, 204, 200, 201, 205, 208, 205, 201, 200]
    #expect(try SinusoidTrigger.faint.stamped(grey(255, width: 32)).pixels == bright + bright)
    let dark: [UInt8] = [0, 3, 2, 0, 0, 0, 2, 3, 0, 0, 0, 1, 4, 1, 0, 0]
    #expect(try SinusoidTrigger.faint.stamped(grey(0, width: 32)).pixels == dark + dark)
  }
}
