/// A small text file that can tell whether it is whole: lines of fields separated by tabs, the last
/// one a digest of all before it.
///
/// Records, pointers and the stat cache are kept so. A damaged one reads as `nil`, which the store
/// treats as absent.
package struct SealedText: Equatable {
  /// The fields of each line; the first says what the line is.
  package private(set) var lines: [[String]] = []

  private static let seal = "sha256\t"

  package mutating func add(_ fields: String...) { lines.append(fields) }

  /// The fields of the first line that starts with `key`, without the key.
  func first(_ key: String) -> ArraySlice<String>? { all(key).first }

  /// The only field of the line that starts with `key`.
  func value(_ key: String) -> String? { first(key)?.first }

  func all(_ key: String) -> [ArraySlice<String>] {
    lines.filter { $0.first == key }.map { $0.dropFirst() }
  }

  /// The bytes of the file.
  package func bytes() -> [UInt8] {
    var bytes: [UInt8] = []
    for line in lines {
      for (position, field) in line.enumerated() {
        if position > 0 { bytes.append(Self.tab) }
        Self.escape(field, into: &bytes)
      }
      bytes.append(Self.newline)
    }
    let digest = Digest(of: bytes[...])
    bytes += Array((Self.seal + digest.text + "\n").utf8)
    return bytes
  }

  package init() {}

  /// Reads a file's bytes; `nil` when the seal does not fit them.
  package init?(_ bytes: [UInt8]) {
    let sealLength = Self.seal.utf8.count + 65
    guard bytes.count >= sealLength else { return nil }
    let body = bytes[..<(bytes.count - sealLength)]
    let expected = Self.seal + Digest(of: body).text + "\n"
    guard bytes[body.endIndex...].elementsEqual(expected.utf8) else { return nil }
    for line in body.split(separator: Self.newline, omittingEmptySubsequences: true) {
      lines.append(
        line.split(separator: Self.tab, omittingEmptySubsequences: false).map(Self.unescape))
    }
  }

  private static let tab = UInt8(ascii: "\t")
  private static let newline = UInt8(ascii: "\n")
  private static let backslash = UInt8(ascii: "\\")

  private static func escape(_ field: String, into bytes: inout [UInt8]) {
    for byte in field.utf8 {
      switch byte {
      case tab: bytes += [backslash, UInt8(ascii: "t")]
      case newline: bytes += [backslash, UInt8(ascii: "n")]
      case backslash: bytes += [backslash, backslash]
      default: bytes.append(byte)
      }
    }
  }

  private static func unescape(_ field: ArraySlice<UInt8>) -> String {
    guard field.contains(backslash) else { return String(decoding: field, as: UTF8.self) }
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in field {
      if isEscaped {
        switch byte {
        case UInt8(ascii: "t"): bytes.append(tab)
        case UInt8(ascii: "n"): bytes.append(newline)
        default: bytes.append(byte)
        }
        isEscaped = false
      } else if byte == backslash {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
