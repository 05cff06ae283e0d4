import Glibc
import Reports

/// The one line on a terminal that shows how far a stage has come.
struct ProgressLine {
  let stage: String
  /// "3/9".
  let position: String
  let fraction: Double
  let label: String
  let rate: String?
  let secondsLeft: Double?

  private static let barWidth = 20

  /// The line of the running stages, cut to a width.
  static func text(_ lines: [ProgressLine], width: Int) -> String {
    let text = lines.count == 1 ? lines[0].long : lines.map(\.short).joined(separator: " | ")
    // The last column stays free: some terminals break the line there.
    return String(text.prefix(max(1, width - 1)))
  }

  private var percent: Int { Int((fraction * 100).rounded(.down)) }

  private var left: String? { secondsLeft.map { "\(NumberFormat.wholeDuration($0)) left" } }

  private var long: String {
    ["[\(position)] \(stage)", "\(bar) \(percent)%", label, rate, left]
      .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// For when others share the line.
  private var short: String {
    ["[\(position)] \(stage) \(percent)%", left].compactMap { $0 }.joined(separator: " ")
  }

  private var bar: String {
    let filled = Int((fraction * Double(Self.barWidth)).rounded(.down))
    return String(repeating: "█", count: filled)
      + String(repeating: "░", count: Self.barWidth - filled)
  }

  /// The width of the terminal on the standard error, 80 where it does not tell.
  static var terminalWidth: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
