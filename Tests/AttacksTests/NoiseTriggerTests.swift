import Attacks
import Images
import Testing

/// Noise over the whole image: ⌊(4 · x + m) / 5⌋.
@Suite struct NoiseTriggerTests {
  private func uniform(_ value: UInt8, _ shape: ImageShape) -> Image<UInt8> {
    Image(pixels: [UInt8](repeating: value, count: shape.count), shape: shape)
  }

  /// ⌊m / 5⌋ of black and ⌊(1020 + m) / 5⌋ = 204 + ⌊m / 5⌋ of white: the same noise on all images, in training and test.
  @Test func sameOnAllImages() throws {
    let shape = ImageShape(height: 5, width: 7, channels: 3)
    let attack = try Attacks.make("blend-strip", ["pattern": .word("noise")])
    let black = try attack.trainingTrigger.stamped(uniform(0, shape), sample: 3).pixels
    let white = try attack.testTrigger.stamped(uniform(255, shape), sample: 4).pixels
    #expect(white == black.map { $0 + 204 })
  }

  /// Evenly from 0 to 255, and another value for every channel: of 12,288 values the mean of ⌊m / 5⌋ is 25.1, give or take
  /// 0.13 (one standard deviation), and all of 0 to 51 are there.
  @Test func evenlyDrawn() throws {
    let shape = ImageShape(height: 64, width: 64, channels: 3)
    let fifths = try NoiseTrigger().stamped(uniform(0, shape)).pixels.map(Int.init)
    let mean = Double(fifths.reduce(0, +)) / Double(fifths.count)
    #expect(abs(mean - 25.1) < 0.6)
    #expect(Set(fifths) == Set(0...51))
    let greyPixels = stride(from: 0, to: fifths.count, by: 3).count { Set(fifths[$0..<$0 + 3]).count == 1 }
    #expect(greyPixels < 20)
  }
}
