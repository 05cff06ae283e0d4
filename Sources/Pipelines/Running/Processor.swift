import Foundation

/// The processor that this process runs on.
enum Processor {
  /// Its model, and the widest instruction set of those that numeric code is chosen by: "AMD EPYC 9R14, AVX-512".
  ///
  /// `nil` where the system does not tell.
  static let name: String? = {
    guard let text = firstProcessor, let model = value(of: "model name", in: text) else { return nil }
    let flags = Set((value(of: "flags", in: text) ?? "").split(separator: " ").map(String.init))
    let set =
      flags.contains("avx512f") ? ", AVX-512" : flags.contains("avx2") ? ", AVX2" : ""
    return model + set
  }()

  /// What the kernel says of the first one.
  private static var firstProcessor: String? {
    guard let file = FileHandle(forReadingAtPath: "/proc/cpuinfo") else { return nil }
    defer { try? file.close() }
    return (try? file.read(upToCount: 16_384)).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
  }

  private static func value(of name: String, in text: String) -> String? {
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return nil
  }
}
