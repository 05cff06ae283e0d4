import Glibc

/// A moment, in whole seconds, printed as UTC: `2025-03-01T12:00:00Z`.
struct Timestamp: CustomStringConvertible {
  let secondsSince1970: Int64

  init(_ secondsSince1970: Int64) { self.secondsSince1970 = secondsSince1970 }

  var description: String {
    var seconds = time_t(secondsSince1970)
    var parts = tm()
    guard gmtime_r(&seconds, &parts) != nil else { return "\(secondsSince1970)" }
    return [
      padded(Int(parts.tm_year) + 1900, 4), "-", padded(Int(parts.tm_mon) + 1, 2), "-",
      padded(Int(parts.tm_mday), 2), "T", padded(Int(parts.tm_hour), 2), ":",
      padded(Int(parts.tm_min), 2), ":", padded(Int(parts.tm_sec), 2), "Z",
    ].joined()
  }

  private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
