import Crypto

/// A SHA-256.
package struct Digest: Hashable, Sendable, CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  package let text: String

  /// `nil` unless the text is 64 lower-case hexadecimal digits.
  package init?(_ text: some StringProtocol) {
    let isDigest = text.utf8.count == 64
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    guard isDigest else { return nil }
    self.text = String(text)
  }

  fileprivate init(_ digest: SHA256Digest) {
    let digits = Array("0123456789abcdef".utf8)
    text = String(unsafeUninitializedCapacity: 64) { buffer in
      var position = 0
      for byte in digest {
        buffer[position] = digits[Int(byte >> 4)]
        buffer[position + 1] = digits[Int(byte & 15)]
        position += 2
      }
      return position
    }
  }

  package var description: String { text }

  /// Enough of it for a person to compare.
  package var short: String { String(text.prefix(12)) }
}

extension Digest: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let digest = Digest(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no SHA-256")
    }
    self = digest
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// Builds a digest from parts. Strings and counts are added with their length, so that no two
/// sequences of parts give the same bytes.
package struct DigestBuilder {
  private var hash = SHA256()

  package init() {}

  package mutating func add(_ text: String) {
    add(text.utf8.count)
    var text = text
    text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
  }

  package mutating func add(_ count: Int) {
    withUnsafeBytes(of: UInt64(count).littleEndian) { hash.update(bufferPointer: $0) }
  }

  package mutating func add(_ digest: Digest) { add(digest.text) }

  /// Adds bytes as they are, without their length.
  package mutating func addBytes(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

  package func finish() -> Digest { Digest(hash.finalize()) }
}

extension Digest {
  /// The digest of bytes in memory.
  init(of bytes: ArraySlice<UInt8>) {
    var builder = DigestBuilder()
    bytes.withUnsafeBytes { builder.addBytes($0) }
    self = builder.finish()
  }
}
