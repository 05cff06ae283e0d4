/// A JSON value that is only ever written.
indirect enum JSONText {
  case string(String)
  case integer(Int64)
  case flag(Bool)
  case null
  case array([JSONText])
  /// Members in the order given.
  case object([(String, JSONText)])

  /// With line breaks and two spaces of indentation.
  var text: String { text(indentation: "") }

  private func text(indentation: String) -> String {
    switch self {
    case .string(let value): Self.quoted(value)
    case .integer(let value): "\(value)"
    case .flag(let value): value ? "true" : "false"
    case .null: "null"
    case .array(let values):
      Self.block("[", values.map { $0.text(indentation: indentation + "  ") }, "]", indentation)
    case .object(let members):
      Self.block(
        "{", members.map { "\(Self.quoted($0)): \($1.text(indentation: indentation + "  "))" }, "}",
        indentation)
    }
  }

  private static func block(
    _ open: String, _ lines: [String], _ close: String, _ indentation: String
  ) -> String {
    guard !lines.isEmpty else { return open + close }
    return "\(open)\n" + lines.map { "\(indentation)  \($0)" }.joined(separator: ",\n")
      + "\n\(indentation)\(close)"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
