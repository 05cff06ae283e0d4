import Foundation
import Pipelines
import TestSupport
import Testing

@Suite struct SealedFileTests {
  struct Note: SealedContent, Equatable {
    static var format: String { "test-note-3" }

    var text: String
    var lines: [String] = []
    var number = 0
    var share = 0.0
    var day = Date(timeIntervalSince1970: 1_741_000_000)
  }

  /// The same kind of file, as another version of the program would have it.
  struct OtherNote: SealedContent {
    static var format: String { "test-note-4" }

    var text: String
  }

  struct OtherLayout: SealedContent {
    static var format: String { Note.format }

    var title: String
  }

  private static func note(_ generator: inout SeededGenerator) -> Note {
    let alphabet = ["\t", "\n", "\\", "\"", "\"sha256:", "ä", "→", "0", " ", "sha256\t", "\u{0}", "\u{2028}", "/"]
    func text() -> String {
      (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? ""
      }.joined()
    }
    return Note(
      text: text(), lines: (0..<Int.random(in: 0...3, using: &generator)).map { _ in text() },
      number: Int(truncatingIfNeeded: generator.next()), share: Double.random(in: -1e9...1e9, using: &generator))
  }

  @Test(arguments: 0..<200) func whatIsWrittenIsRead(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let note = Self.note(&generator)
    #expect(SealedFile<Note>(try SealedFile.bytes(of: note)).content == note)
  }

  @Test(arguments: 0..<20) func everyFlippedBitIsSeen(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let bytes = try SealedFile.bytes(of: Self.note(&generator))
    for position in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[position] ^= 1 << UInt8(bit)
        guard case .damaged = SealedFile<Note>(damaged) else {
          Issue.record("byte \(position), bit \(bit)")
          return
        }
      }
    }
  }

  @Test func everyTruncationIsSeen() throws {
    let bytes = try SealedFile.bytes(of: Note(text: "the end"))
    for length in bytes.indices {
      #expect(SealedFile<Note>(Array(bytes.prefix(length))).content == nil, "\(length) bytes")
    }
    #expect(SealedFile<Note>(bytes + [10]).content == nil)
  }

  @Test func peopleCanReadIt() throws {
    let bytes = try SealedFile.bytes(of: Note(text: "a/b \"c\"", lines: ["é"], number: -3, share: 0.5))
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.dropLast(2).joined(separator: "\n") == """
        {
          "content" : {
            "day" : "2025-03-03T11:06:40Z",
            "lines" : [
              "é"
            ],
            "number" : -3,
            "share" : 0.5,
            "text" : "a/b \\"c\\""
          },
          "format" : "test-note-3"
        }
        """)
    // A line of JSON too.
    let seal = try #require(lines.dropLast().last)
    #expect(seal.hasPrefix("\"sha256:") && seal.hasSuffix("\"") && seal.count == 73)
  }

  @Test func anotherFormatIsNoDamage() throws {
    let first =
      "format\twinnow-record-1\nstage\twarmup\nsha256\t\(String(repeating: "0123456789abcdef", count: 4))\n"
    for bytes in [
      try SealedFile.bytes(of: OtherNote(text: "a")), try SealedFile.bytes(of: OtherLayout(title: "a")),
      Seal.added(to: "format: test-note-3\n".utf8), Array(first.utf8),
    ] {
      guard case .otherFormat = SealedFile<Note>(bytes) else {
        Issue.record("\(String(decoding: bytes, as: UTF8.self))")
        continue
      }
    }
  }

  @Test func numbersThatAreNotFiniteAreRefused() {
    #expect(throws: EncodingError.self) {
      try SealedFile.bytes(of: Note(text: "", share: .infinity))
    }
  }
}
