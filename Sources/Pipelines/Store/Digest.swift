import CCrypto

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

  /// Of 32 bytes.
  fileprivate init(bytes: [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    text = String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
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
package struct DigestBuilder: ~Copyable {
  private let context: OpaquePointer

  package init() {
    let context = EVP_MD_CTX_new()
    // Fails where memory is at an end, as an allocation of Swift's would, or where libcrypto has no SHA-256.
    guard let context, EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto gives no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  package mutating func add(_ text: String) {
    add(text.utf8.count)
    var text = text
    text.withUTF8 { addBytes(UnsafeRawBufferPointer($0)) }
  }

  package mutating func add(_ count: Int) {
    withUnsafeBytes(of: UInt64(count).littleEndian) { addBytes($0) }
  }

  package mutating func add(_ digest: Digest) { add(digest.text) }

  /// Adds bytes as they are, without their length.
  package mutating func addBytes(_ bytes: UnsafeRawBufferPointer) {
    let isAdded = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
    precondition(isAdded, "a SHA-256 takes bytes until it is finished")
  }

  package consuming func finish() -> Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    let isFinished = EVP_DigestFinal_ex(context, &bytes, nil) == 1
    precondition(isFinished, "a SHA-256 is finished once")
    return Digest(bytes: bytes)
  }
}

extension Digest {
  /// The digest of bytes in memory.
  init(of bytes: ArraySlice<UInt8>) {
    var builder = DigestBuilder()
    bytes.withUnsafeBytes { builder.addBytes($0) }
    self = builder.finish()
  }
}
