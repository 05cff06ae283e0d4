/// The last line of a small text file, which shows whether the file is complete and unchanged: the SHA-256
/// of all bytes before it.
package enum Seal {
  private static let start = "\"sha256:"
  private static let end = "\"\n"
  private static let length = start.utf8.count + 64 + end.utf8.count

  /// The bytes with the line behind them.
  package static func added(to bytes: some Sequence<UInt8>) -> [UInt8] {
    var bytes = Array(bytes)
    bytes += line(for: bytes[...]).utf8
    return bytes
  }

  /// What is before the line; `nil` when there is no such line or it does not fit.
  package static func removed(from bytes: [UInt8]) -> ArraySlice<UInt8>? {
    guard bytes.count >= length else { return nil }
    let content = bytes.dropLast(length)
    return bytes[content.endIndex...].elementsEqual(line(for: content).utf8) ? content : nil
  }

  private static func line(for content: ArraySlice<UInt8>) -> String {
    start + Digest(of: content).text + end
  }
}
