/// Rows of fields by RFC 4180.
package enum CSVText {
  /// Every row with its end of line.
  package static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A field with what has a meaning in CSV in quotes. (A carriage return and a line feed are one
  /// `Character`, so that bytes are looked at.)
  static func field(_ text: String) -> String {
    text.utf8.contains { ",\"\r\n".utf8.contains($0) }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
