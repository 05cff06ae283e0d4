/// Times and sizes.
extension NumberFormat {
  /// "0.31 s", "12 s", "4 min 05 s", "1 h 02 min"; "?" where that makes no sense.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 9.995 else { return wholeDuration(seconds) }
    return "\(hundredths(seconds)) s"
  }

  /// As `duration`, without parts of a second.
  package static func wholeDuration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    return "\(whole / 3600) h \(twoDigits(whole % 3600 / 60)) min"
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// "812 bytes", "1.2 MB", "120 MB".
  package static func size(_ bytes: Int64) -> String {
    guard bytes >= 1000 else { return "\(bytes) bytes" }
    var value = Double(bytes)
    var units = ["kB", "MB", "GB"][...]
    var unit = units.removeFirst()
    value /= 1000
    while value >= 999.5, let next = units.popFirst() {
      unit = next
      value /= 1000
    }
    return "\(value < 99.95 ? oneDecimal(value) : whole(value)) \(unit)"
  }

  private static func oneDecimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
