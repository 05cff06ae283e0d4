/// Rows of fields by RFC 4180.
package enum CSVText {
  /// Every row with its end of line.
  package static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A field with what has a meaning in CSV in quotes. (A carriage return and a line feed are one
  /// `Character`, so that bytes are looked at.) What a spreadsheet would take for a formula, in names that somebody else
  /// has chosen, has an apostrophe before it.
  static func field(_ text: String) -> String {
    let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } == true && Double(text) == nil
    return quoted(isFormula ? "'" + text : text)
  }

  private static func quoted(_ text: String) -> String {
    text.utf8.contains { ",\"\r\n".utf8.contains($0) }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
