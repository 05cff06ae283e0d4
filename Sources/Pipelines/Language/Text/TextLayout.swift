/// Lays out text in columns for a terminal.
enum TextLayout {
  static let width = 100

  /// Words of a text in lines that start at a column, after a first line that already holds `lead`.
  ///
  /// A lead that reaches into the column has a line for itself.
  static func hanging(_ lead: String, at column: Int, _ text: String) -> [String] {
    var lines: [String] = []
    var line = lead
    if lead.count + 2 > column, !lead.isEmpty {
      lines.append(lead)
      line = ""
    }
    line += String(repeating: " ", count: max(0, column - line.count))
    var isStart = true
    for word in text.split(separator: " ") {
      if !isStart, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: column)
        isStart = true
      }
      line += isStart ? String(word) : " \(word)"
      isStart = false
    }
    lines.append(line)
    return lines.map { line in
      let end = line.lastIndex { $0 != " " }
      return end.map { String(line[...$0]) } ?? ""
    }
  }
}
