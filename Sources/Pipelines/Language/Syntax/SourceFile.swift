/// The text of a manifest, in lines.
struct SourceFile {
  /// Manifests are written by hand; what is larger is some other file.
  static let sizeLimit = 1 << 18

  /// The path as the user would write it.
  let name: String
  let text: String
  let lines: [SourceLine]

  /// Takes the bytes apart into lines that end in LF or CR LF, after an optional byte order mark.
  ///
  /// Lines that are not valid UTF-8 or contain control characters are reported and marked as damaged.
  init(name: String, bytes: [UInt8], log: DiagnosticLog) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let content = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    self.name = name
    self.text = String(decoding: content, as: UTF8.self)
    self.lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .enumerated()
      .map { index, bytes in
        SourceLine(
          file: name, number: index + 1,
          bytes: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, log: log)
      }
  }
}

/// One line of a manifest, or one override of the command line.
struct SourceLine {
  let file: String
  let number: Int
  let text: String
  let characters: [Character]
  /// What is left between indentation and comment or trailing spaces.
  let content: Range<Int>
  /// Whether it contains what is not text. It has been reported and must not be looked at further.
  let isDamaged: Bool

  init(file: String, number: Int, bytes: ArraySlice<UInt8>, log: DiagnosticLog) {
    let text = String(decoding: bytes, as: UTF8.self)
    let isValid = String(validating: bytes, as: UTF8.self) != nil
    self.init(file: file, number: number, text: text, isValid: isValid, hasComments: true, log: log)
  }

  /// In the place of a file's name.
  static let commandLine = "command line"

  /// An argument of the command line, in which `#` has no meaning.
  init(argument: String, number: Int, log: DiagnosticLog) {
    self.init(
      file: Self.commandLine, number: number, text: argument, isValid: true, hasComments: false,
      log: log)
  }

  private init(
    file: String, number: Int, text: String, isValid: Bool, hasComments: Bool, log: DiagnosticLog
  ) {
    let characters = Array(text)
    let control = characters.firstIndex { $0.controlCode != nil }
    self.file = file
    self.number = number
    self.text = text
    self.characters = characters
    self.content = Self.content(of: characters, hasComments: hasComments)
    self.isDamaged = !isValid || control != nil

    if !isValid {
      let replaced = characters.firstIndex("\u{FFFD}") ?? 0
      log.report(.invalidUTF8, at: span(replaced..<replaced + 1))
    } else if let control, let code = characters[control].controlCode {
      log.report(.controlCharacter(code), at: span(control..<control + 1))
    }
  }

  var isBlank: Bool { content.isEmpty && !isDamaged }
  var isIndented: Bool { characters.first?.isWhitespace ?? false }

  func span(_ range: Range<Int>) -> SourceSpan {
    SourceSpan(
      location: SourceLocation(file: file, line: number, column: range.lowerBound + 1),
      length: range.count, line: text)
  }

  func token(_ range: Range<Int>) -> Token {
    Token(text: String(characters[range]), span: span(range))
  }

  private static func content(of characters: [Character], hasComments: Bool) -> Range<Int> {
    let comment = characters.indices.first {
      hasComments && characters[$0] == "#" && ($0 == 0 || characters[$0 - 1].isWhitespace)
    }
    let uncommented = characters[..<(comment ?? characters.count)]
    guard let start = uncommented.firstIndex(where: { !$0.isWhitespace }),
      let last = uncommented.lastIndex(where: { !$0.isWhitespace })
    else { return 0..<0 }
    return start..<last + 1
  }
}

/// A word of a manifest and where it stands.
struct Token {
  let text: String
  let span: SourceSpan
}

extension Character {
  /// The code of a control character other than a tab: it is in no text on purpose, and cannot be seen.
  fileprivate var controlCode: UInt32? {
    unicodeScalars.lazy.map(\.value).first {
      ($0 < 0x20 && $0 != 0x09) || (0x7F...0x9F).contains($0)
    }
  }
}

extension [Character] {
  fileprivate func firstIndex(_ scalar: Unicode.Scalar) -> Int? {
    firstIndex { $0.unicodeScalars.contains(scalar) }
  }
}
