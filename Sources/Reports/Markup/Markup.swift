/// A piece of HTML or SVG. What it writes is well-formed XML as well, so that any XML parser can check it.
///
///     Markup.tag("p", ["class": "note"], [.text("5 < 6")]).source   // <p class="note">5 &lt; 6</p>
package indirect enum Markup: Hashable, Sendable {
  case element(String, [Attribute], [Markup])
  /// Characters with a meaning in markup are escaped.
  case text(String)
  /// Nothing is escaped: for style sheets.
  case verbatim(String)

  package struct Attribute: Hashable, Sendable {
    package let name: String
    package let value: String
  }

  package static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []
  ) -> Markup {
    .element(name, attributes.map { Attribute(name: $0.key, value: $0.value) }, children)
  }

  package static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String
  ) -> Markup {
    tag(name, attributes, [.text(text)])
  }

  package var source: String {
    var source = ""
    write(to: &source)
    return source
  }

  /// Elements that have no content in HTML, not even an end.
  private static let empty: Set<String> = ["meta", "link", "img", "br", "hr", "col"]
  /// Elements that begin a line, for readers of the source.
  private static let onOwnLine: Set<String> = [
    "html", "head", "body", "main", "header", "footer", "section", "figure", "table", "tr", "h1", "h2", "h3",
    "p", "ul", "li", "details", "svg", "g", "style", "title", "meta", "dl", "div", "nav",
  ]

  private func write(to source: inout String) {
    switch self {
    case .text(let text): source += Self.escaped(text)
    case .verbatim(let text): source += text
    case .element(let name, let attributes, let children):
      if Self.onOwnLine.contains(name), !source.isEmpty, source.last != "\n" { source += "\n" }
      source += "<\(name)"
      for attribute in attributes { source += " \(attribute.name)=\"\(Self.escaped(attribute.value))\"" }
      if Self.empty.contains(name) {
        source += "/>"
      } else {
        source += ">"
        for child in children { child.write(to: &source) }
        source += "</\(name)>"
      }
    }
  }

  /// Without characters that XML does not allow or that mean something: file names may hold anything.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n": escaped.unicodeScalars.append(scalar)
      case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
