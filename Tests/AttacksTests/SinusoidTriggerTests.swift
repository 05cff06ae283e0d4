import Attacks
import Images
import Testing

/// SIG, pixel by pixel: ⌊clip(x + δ·sin(2π·6·column / width))⌋ by hand.
@Suite struct SinusoidTriggerTests {
  /// The row that a row of one grey level becomes.
  private func row(_ strength: Double, width: Int, grey: UInt8) throws -> [UInt8] {
    let shape = ImageShape(height: 1, width: width, channels: 1)
    let image = Image(pixels: [UInt8](repeating: grey, count: width), shape: shape)
    return try SinusoidTrigger(strength: strength).stamped(image).pixels
  }

  /// At 32 columns the angle grows by 67.5° a column, so that the sine is 0, 0.9239, 0.7071, −0.3827, −1,
  /// −0.3827, 0.7071, 0.9239, 0 and on the way back the negatives: times 40, 36.96, 28.28, 15.31, 40.
  @Test func trainingAt32() throws {
    let period: [UInt8] = [100, 136, 128, 84, 60, 84, 128, 136, 100, 63, 71, 115, 140, 115, 71, 63]
    #expect(try row(40, width: 32, grey: 100) == period + period)
  }

  /// Times 60: 55.43, 42.43, 22.96, 60.
  @Test func testAt32() throws {
    let period: [UInt8] = [100, 155, 142, 77, 40, 77, 142, 155, 100, 44, 57, 122, 160, 122, 57, 44]
    #expect(try row(60, width: 32, grey: 100) == period + period)
  }

  /// At 64 columns the angle grows by 33.75°: 0, 0.5556, 0.9239, 0.9808, 0.7071, 0.1951, −0.3827, −0.8315, −1.
  @Test func trainingAt64() throws {
    let period: [UInt8] = [
      100, 122, 136, 139, 128, 107, 84, 66, 60, 66, 84, 107, 128, 139, 136, 122,
      100, 77, 63, 60, 71, 92, 115, 133, 140, 133, 115, 92, 71, 60, 63, 77,
    ]
    #expect(try row(40, width: 64, grey: 100) == period + period)
  }

  @Test func testAt64() throws {
    let period: [UInt8] = [
      100, 133, 155, 158, 142, 111, 77, 50, 40, 50, 77, 111, 142, 158, 155, 133,
      100, 66, 44, 41, 57, 88, 122, 149, 160, 149, 122, 88, 57, 41, 44, 66,
    ]
    #expect(try row(60, width: 64, grey: 100) == period + period)
  }

  /// Clipped first, then rounded down.
  @Test func clips() throws {
    let bright: [UInt8] = [240, 255, 255, 224, 200, 224, 255, 255, 240, 203, 211, 255, 255, 255, 211, 203]
    #expect(try row(40, width: 32, grey: 240) == bright + bright)
    let dark: [UInt8] = [10, 46, 38, 0, 0, 0, 38, 46, 10, 0, 0, 25, 50, 25, 0, 0]
    #expect(try row(40, width: 32, grey: 10) == dark + dark)
  }

  /// Where the sine is zero but for the rounding of the angle, no pixel becomes one less.
  @Test(arguments: [28, 32, 64, 224]) func zerosChangeNothing(width: Int) throws {
    let crossings = (0..<width).filter { 12 * $0 % width == 0 }
    #expect(!crossings.isEmpty)
    for grey in [0, 1, 7, 128, 255] as [UInt8] {
      let row = try row(60, width: width, grey: grey)
      for column in crossings { #expect(row[column] == grey, "column \(column)") }
    }
  }

  @Test func theSameInEveryRowAndChannel() throws {
    let shape = ImageShape(height: 5, width: 32, channels: 3)
    let image = Image(pixels: [UInt8](repeating: 100, count: shape.count), shape: shape)
    let stamped = try SinusoidTrigger(strength: 40).stamped(image)
    let expected = try row(40, width: 32, grey: 100)
    for row in 0..<5 {
      for column in 0..<32 {
        for channel in 0..<3 { #expect(stamped[row, column, channel] == expected[column]) }
      }
    }
  }
}
