import Foundation
import SystemPackage

/// What the store keeps as a small file: JSON, and a last line with its checksum (`Seal`).
package protocol SealedContent: Codable {
  /// What kind of file it is, and which version of its layout: "winnow-record-2".
  static var format: String { get }
}

/// A small file of the store as it was found.
package enum SealedFile<Content: SealedContent> {
  case whole(Content)
  /// Cut short or changed.
  case damaged
  /// Intact, but in the format of another version of the program.
  case otherFormat

  package var content: Content? {
    if case .whole(let content) = self { content } else { nil }
  }

  package init(_ bytes: [UInt8]) {
    guard let text = Seal.removed(from: bytes) else {
      self = Self.isFirstFormat(bytes) ? .otherFormat : .damaged
      return
    }
    let envelope = try? JSONDecoder.ofSealedFiles.decode(Envelope<Content>.self, from: Data(text))
    guard let envelope, envelope.format == Content.format else {
      self = .otherFormat
      return
    }
    self = .whole(envelope.content)
  }

  /// The bytes of the file.
  ///
  /// - Throws: `EncodingError` for what JSON cannot hold: numbers that are not finite.
  package static func bytes(of content: Content) throws -> [UInt8] {
    let envelope = Envelope(format: Content.format, content: content)
    return Seal.added(to: try JSONEncoder.ofSealedFiles.encode(envelope) + [UInt8(ascii: "\n")])
  }

  /// Whether this is a file from before they were JSON: lines of fields, the last one `sha256`, a tab and
  /// a digest.
  private static func isFirstFormat(_ bytes: [UInt8]) -> Bool {
    let last = bytes.dropLast().suffix(while: { $0 != UInt8(ascii: "\n") })
    return String(decoding: last, as: UTF8.self).hasPrefix("sha256\t") && last.count == 71
  }
}

private struct Envelope<Content: Codable>: Codable {
  let format: String
  let content: Content
}

extension JSONEncoder {
  fileprivate static var ofSealedFiles: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return encoder
  }
}

extension JSONDecoder {
  fileprivate static var ofSealedFiles: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return decoder
  }
}

extension BidirectionalCollection {
  /// The longest end of the collection whose elements all satisfy a condition.
  fileprivate func suffix(while condition: (Element) -> Bool) -> SubSequence {
    self[(lastIndex { !condition($0) }.map { index(after: $0) } ?? startIndex)...]
  }
}

extension FileSystem {
  /// What is in a small file of the store; `nil` when there is none.
  func read<Content: SealedContent>(
    _ type: Content.Type, at path: FilePath
  ) throws(PipelineError) -> SealedFile<Content>? {
    try contents(of: path).map { SealedFile($0) }
  }

  /// Replaces a small file of the store, or makes it.
  func replace(_ path: FilePath, by content: some SealedContent) throws(PipelineError) {
    try replaceFile(at: path, with: bytes(of: content, for: path))
  }

  /// The bytes of a small file of the store.
  func bytes<Content: SealedContent>(
    of content: Content, for path: FilePath
  ) throws(PipelineError) -> [UInt8] {
    do {
      return try SealedFile.bytes(of: content)
    } catch {
      throw .notEncodable(path: path, "\(error)")
    }
  }
}
