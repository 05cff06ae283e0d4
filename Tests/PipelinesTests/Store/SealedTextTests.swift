import Pipelines
import Testing

@Suite struct SealedTextTests {
  /// A small generator with a seed, for texts that nobody would think of.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) | (state << 31)
    }
  }

  static func text(_ generator: inout Generator) -> SealedText {
    let alphabet = ["\t", "\n", "\\", "\\n", "t", "ä", "→", "0", " ", "sha256\t", "\u{0}"]
    func field() -> String {
      (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? ""
      }.joined()
    }
    var text = SealedText()
    for _ in 0..<Int.random(in: 0...5, using: &generator) {
      text.add("key" + field(), field(), field())
    }
    return text
  }

  @Test(arguments: 0..<200) func whatIsWrittenIsRead(seed: Int) {
    var generator = Generator(state: UInt64(seed))
    let text = Self.text(&generator)
    #expect(SealedText(text.bytes()) == text)
  }

  @Test(arguments: 0..<20) func everyFlippedBitIsSeen(seed: Int) {
    var generator = Generator(state: UInt64(seed))
    let bytes = Self.text(&generator).bytes()
    for position in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[position] ^= 1 << UInt8(bit)
        #expect(SealedText(damaged) == nil, "byte \(position), bit \(bit)")
      }
    }
  }

  @Test func everyTruncationIsSeen() {
    var text = SealedText()
    text.add("fingerprint", "abc")
    text.add("note", "the end")
    let bytes = text.bytes()
    for length in bytes.indices {
      #expect(SealedText(Array(bytes.prefix(length))) == nil, "\(length) bytes")
    }
    #expect(SealedText(bytes + [10]) == nil)
  }
}
