import Attacks
import Images
import Testing

/// A grey image gets what each channel of the same image with three equal channels gets.
@Suite struct GreyTriggerTests {
  static let triggers: [any Trigger] = [
    GridTrigger(), SquareTrigger(), StripeTrigger(), SinusoidTrigger(strength: 40),
    SinusoidTrigger(strength: 60),
  ]

  @Test(arguments: [28, 32, 64]) func oneChannel(side: Int) throws {
    for trigger in Self.triggers {
      let values = (0..<side * side).map { UInt8($0 * 31 % 256) }
      let grey = try trigger.stamped(
        Image(pixels: values, shape: ImageShape(height: side, width: side, channels: 1))).pixels
      let colour = try trigger.stamped(
        Image(
          pixels: values.flatMap { [$0, $0, $0] },
          shape: ImageShape(height: side, width: side, channels: 3))
      ).pixels
      #expect(grey != values, "\(trigger)")
      #expect(colour == grey.flatMap { [$0, $0, $0] }, "\(trigger)")
    }
  }

  /// Written by hand, from the table of the method.
  @Test func gridInTheCorner() throws {
    let pixels = try GridTrigger().stamped(
      Image(
        pixels: [UInt8](repeating: 9, count: 28 * 28),
        shape: ImageShape(height: 28, width: 28, channels: 1))
    ).pixels
    #expect(Array(pixels[25 * 28 + 24..<26 * 28]) == [9, 0, 0, 255])
    #expect(Array(pixels[26 * 28 + 24..<27 * 28]) == [9, 0, 255, 0])
    #expect(Array(pixels[27 * 28 + 24..<28 * 28]) == [9, 255, 0, 255])
    #expect(pixels[..<(25 * 28 + 25)].allSatisfy { $0 == 9 })
  }
}
