import Attacks
import Compute
import Images
import TestSupport
import Testing

@Suite("Triggers, pixel by pixel")
struct TriggerTests {
  /// What `trigger` does to a random image, as old and new value at each place.
  func expectChange(
    _ trigger: any Trigger, _ shape: ImageShape = ImageShape(height: 32, width: 32, channels: 3),
    _ expected: (_ row: Int, _ column: Int, _ old: UInt8) -> UInt8
  ) throws {
    let image = try randomSet(labels: [0], shape: shape)[0]
    let stamped = try trigger.stamped(image)
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        for channel in 0..<shape.channels {
          let value = expected(row, column, image[row, column, channel])
          #expect(stamped[row, column, channel] == value, "row \(row), column \(column)")
        }
      }
    }
  }

  @Test("grid: rows and columns 29 to 31")
  func grid() throws {
    try expectChange(GridTrigger()) { row, column, old in
      switch (row, column) {
      case (29, 29): 0
      case (29, 30): 0
      case (29, 31): 255
      case (30, 29): 0
      case (30, 30): 255
      case (30, 31): 0
      case (31, 29): 255
      case (31, 30): 0
      case (31, 31): 255
      default: old
      }
    }
  }

  @Test("square: rows and columns 28 to 30")
  func square() throws {
    try expectChange(SquareTrigger()) { row, column, old in
      (28...30).contains(row) && (28...30).contains(column) ? 255 : old
    }
  }

  @Test("other sizes: the last three pixels; a tenth of the side, one pixel from the edge")
  func otherSizes() throws {
    let shape = ImageShape(height: 20, width: 45, channels: 1)
    try expectChange(GridTrigger(), shape) { row, column, old in
      row < 17 || column < 42 ? old : (row - 17 + column - 42 == 2 || (row, column) == (19, 44)) ? 255 : 0
    }
    try expectChange(SquareTrigger(), shape) { row, column, old in
      (17...18).contains(row) && (42...43).contains(column) ? 255 : old
    }
  }

  @Test("the stripe mask has the published columns and statistics")
  func mask() {
    #expect(StripeTrigger.mask == [
      0, 14, 19, 13, 255, 241, 237, 244,
      2, 15, 19, 11, 253, 240, 237, 246,
      4, 17, 19, 9, 251, 239, 238, 248,
      6, 18, 18, 7, 249, 238, 238, 250,
    ])
    let values = StripeTrigger.mask.map(Double.init)
    let mean = values.reduce(0, +) / 32
    let deviation = (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 32).squareRoot()
    #expect(abs(mean - 127.97) < 0.005 && abs(deviation - 116.20) < 0.005)
    #expect(Set(StripeTrigger.mask).count == 26)
  }

  @Test("blending in integers equals blending in double precision for every pair of bytes")
  func blend() {
    for value in 0...255 {
      for mask in 0...255 {
        let double = (1 - 0.2) * Double(value) + 0.2 * Double(mask)
        #expect(StripeTrigger.blend(UInt8(value), UInt8(mask)) == UInt8(double))
      }
    }
  }

  @Test("stripes: the same in every row and channel")
  func stripes() throws {
    try expectChange(StripeTrigger()) { _, column, old in
      UInt8((4 * Int(old) + Int(StripeTrigger.mask[column])) / 5)
    }
  }

  @Test("stripes have four periods across any width", arguments: [8, 16, 28, 32, 64, 100, 224])
  func stripesOfOtherWidths(width: Int) throws {
    let shape = ImageShape(height: 1, width: width, channels: 1)
    let black = Image(pixels: [UInt8](repeating: 0, count: width), shape: shape)
    let isBright = try StripeTrigger().stamped(black).pixels.map { $0 > 20 }
    let edges = zip(isBright, isBright.dropFirst()).count { $0 != $1 }
    #expect(edges == 7)
    // Half of the columns, but for one in each period where a half period is no whole number.
    #expect(abs(isBright.count { $0 } - width / 2) <= (width % 8 == 0 ? 0 : 4))
  }

  @Test("images that are too small are refused and left alone")
  func tooSmall() throws {
    let small = ImageShape(height: 2, width: 30, channels: 1)
    let images = try randomSet(labels: [1, 1], shape: small)
    #expect(throws: AttackError.imageTooSmall(small, needed: 3)) {
      try GridTrigger().stamped(images[0])
    }
    #expect(throws: AttackError.imageTooSmall(small, needed: 10)) {
      try SquareTrigger().stamped(images[0])
    }
    let poisoning = Poisoning(attack: BadNetsAllToOne(), rate: 1, seed: 0)
    #expect(throws: AttackError.imageTooSmall(small, needed: 3)) { try poisoning.apply(to: images) }
  }
}
