import Attacks
import Images
import Testing

/// CL's four checkerboards, pixel by pixel from the table of method.md 3.8.
@Suite struct CornerTriggerTests {
  /// Rows and columns from the table, with 31 for the last one; anything else is untouched.
  private static let table: [(rows: [Int], columns: [Int], pattern: [[UInt8]])] = [
    ([29, 30, 31], [29, 30, 31], [[0, 0, 255], [0, 255, 0], [255, 0, 255]]),
    ([1, 2, 3], [1, 2, 3], [[255, 0, 255], [0, 255, 0], [255, 0, 0]]),
    ([29, 30, 31], [1, 2, 3], [[255, 0, 0], [0, 255, 0], [255, 0, 255]]),
    ([1, 2, 3], [29, 30, 31], [[255, 0, 255], [0, 255, 0], [0, 0, 255]]),
  ]

  @Test(arguments: [32, 64, 28, 7], [1, 3]) func everyPixel(side: Int, channels: Int) throws {
    let shape = ImageShape(height: side, width: side, channels: channels)
    let image = Image(pixels: [UInt8](repeating: 77, count: shape.count), shape: shape)
    var expected = image
    for (rows, columns, pattern) in Self.table {
      for i in 0..<3 {
        for j in 0..<3 {
          let row = rows[i] > 3 ? side - 32 + rows[i] : rows[i]
          let column = columns[j] > 3 ? side - 32 + columns[j] : columns[j]
          for channel in 0..<channels { expected[row, column, channel] = pattern[i][j] }
        }
      }
    }
    #expect(try GridTrigger.corners.stamped(image) == expected)
    #expect(try LabelConsistent().testTrigger.stamped(image) == expected)
  }

  @Test func cornersMustNotTouch() {
    let shape = ImageShape(height: 6, width: 40, channels: 1)
    #expect(throws: AttackError.imageTooSmall(shape, needed: 7)) {
      try GridTrigger.corners.stamped(Image(pixels: [UInt8](repeating: 0, count: 240), shape: shape))
    }
  }
}
