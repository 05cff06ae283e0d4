import Attacks
import Images
import TestSupport
import Testing

/// Attacks with pictures of one's own.
@Suite struct CustomTests {
  private func picture(_ pixels: [UInt8], height: Int, width: Int) throws -> Picture {
    try Picture(
      Image(
        pixels: pixels,
        shape: ImageShape(height: height, width: width, channels: pixels.count / height / width)))
  }

  private func make(_ values: [String: AttackValue]) throws -> any Attack {
    try Attacks.make("custom", values)
  }

  private let black = Image(
    pixels: [UInt8](repeating: 0, count: 300), shape: ImageShape(height: 10, width: 10, channels: 3))

  /// The places of the pixels that are not black.
  private func changed(_ image: Image<UInt8>) -> [[Int]] {
    (0..<10).flatMap { row in
      (0..<10).filter { column in (0..<3).contains { image[row, column, $0] != 0 } }.map { [row, $0] }
    }
  }

  @Test(arguments: [
    ("top-left", 0, 0, 0), ("top-right", 0, 0, 8), ("bottom-left", 0, 8, 0), ("bottom-right", 0, 8, 8),
    ("top-left", 1, 1, 1), ("bottom-right", 1, 7, 7), ("centre", 3, 4, 4),
  ]) func places(place: String, gap: Int, top: Int, left: Int) throws {
    let patch = try picture([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], height: 2, width: 2)
    let attack = try make([
      "picture": .picture(patch), "place": .word(place), "gap": .number(Double(gap)), "size": .number(0.2),
    ])
    let stamped = try attack.trainingTrigger.stamped(black)
    #expect(changed(stamped) == [[top, left], [top, left + 1], [top + 1, left], [top + 1, left + 1]])
    #expect((0..<3).map { stamped[top + 1, left, $0] } == [7, 8, 9])
  }

  /// Opaque, half and not at all: the opacity of the file times that of the attack.
  @Test func opacity() throws {
    let image = Image<UInt8>(
      pixels: [100, 100, 100], shape: ImageShape(height: 1, width: 3, channels: 1))
    let patch = try picture([200, 200, 200, 255, 200, 200, 200, 51, 200, 200, 200, 0], height: 1, width: 3)
    func stamped(_ opacity: Double) throws -> [UInt8] {
      try make(["picture": .picture(patch), "place": .word("everywhere"), "opacity": .number(opacity)])
        .trainingTrigger.stamped(image).pixels
    }
    #expect(try stamped(1) == [200, 120, 100])
    #expect(try stamped(0.5) == [150, 110, 100])
  }

  /// The colour of what is transparent does not show at the edges of what is not.
  @Test func transparentColoursDoNotBleed() throws {
    let patch = try picture([250, 0, 0, 255, 0, 250, 0, 0, 250, 0, 0, 255, 0, 250, 0, 0], height: 1, width: 4)
    let stamped = try make([
      "picture": .picture(patch), "place": .word("everywhere"),
    ]).trainingTrigger.stamped(
      Image(pixels: [0, 0, 0, 0, 0, 0], shape: ImageShape(height: 1, width: 2, channels: 3)))
    #expect(stamped.pixels.enumerated().allSatisfy { $0.offset % 3 == 0 ? $0.element > 60 : $0.element == 0 })
  }

  /// A fifth of a picture of the image's size is what the blended attacks do.
  @Test func blendsAsTheyDo() throws {
    let set = try randomSet(labels: [0, 0])
    let attack = try make([
      "picture": .picture(Picture(set[1])), "place": .word("everywhere"), "opacity": .number(0.2),
    ])
    #expect(
      try attack.trainingTrigger.stamped(set[0])
        == BlendTrigger(picture: Picture(set[1])).stamped(set[0]))
  }

  @Test func theLongerSideIsAShareOfTheShorterOne() throws {
    let patch = try picture([UInt8](repeating: 255, count: 20 * 40), height: 20, width: 40)
    let shape = ImageShape(height: 10, width: 30, channels: 1)
    let stamped = try make(["picture": .picture(patch), "size": .number(0.4)]).trainingTrigger.stamped(
      Image(pixels: [UInt8](repeating: 0, count: 300), shape: shape))
    for row in 0..<10 {
      for column in 0..<30 { #expect(stamped[row, column, 0] == (row >= 8 && column >= 26 ? 255 : 0)) }
    }
  }

  /// The place depends on the image's index alone, stays inside, and is not always the same.
  @Test(arguments: ["random", "centre"]) func jitter(place: String) throws {
    let patch = try picture([9, 9, 9], height: 1, width: 1)
    let attack = try make([
      "picture": .picture(patch), "place": .word(place), "size": .number(0.1),
      "jitter": .number(place == "centre" ? 2 : 0),
    ])
    var places = Set<[Int]>()
    for sample in 0..<400 {
      let stamped = try attack.trainingTrigger.stamped(black, sample: sample)
      #expect(try attack.trainingTrigger.stamped(black, sample: sample) == stamped)
      let found = changed(stamped)
      #expect(found.count == 1)
      if place == "centre" { #expect(found[0].allSatisfy { (2...6).contains($0) }) }
      places.formUnion(found)
    }
    #expect(place == "centre" ? places.count == 25 : places.count > 90)
  }

  @Test func labels() throws {
    let patch = try picture([9], height: 1, width: 1)
    for mode in LabelMode.allCases {
      #expect(try make(["picture": .picture(patch), "labels": .word(mode.rawValue)]).labelMode == mode)
    }
  }

  @Test func needsAPicture() {
    let error = #expect(throws: AttackError.self) { try make([:]) }
    #expect(error?.description == "the attack 'custom' needs 'picture': a picture")
  }

  /// Whatever a file says.
  @Test func storedNumbersWithoutMeasure() throws {
    let text = try Attacks.json(of: make(["picture": .picture(picture([9], height: 1, width: 1))]))
    for (name, value) in [("gap", "-7"), ("gap", "9223372036854775807"), ("jitter", "-1"), ("size", "-3"),
      ("size", "1e300"), ("opacity", "1e308"), ("jitter", "9223372036854775807")]
    {
      let changed = text.replacing(try Regex("\"\(name)\":[0-9.]+"), with: "\"\(name)\":\(value)")
      #expect(changed != text)
      let trigger = try Attacks.attack(fromJSON: changed).trainingTrigger
      _ = try? trigger.stamped(black)
    }
  }
}
