import Foundation

/// The memory of this process that is really there, as Linux counts it.
enum ResidentMemory {
  /// KiB.
  static var current: Int? { read("VmRSS:") }

  /// The most that there ever was, KiB.
  static var peak: Int? { read("VmHWM:") }

  private static func read(_ name: String) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return nil
    }
    for line in status.split(separator: "\n") where line.hasPrefix(name) {
      return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    }
    return nil
  }
}
