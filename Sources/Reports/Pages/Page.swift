/// An HTML page in one file: it asks for nothing outside and runs no script, which its own rules of content
/// forbid it besides.
package struct Page: Sendable {
  /// A part of the page under a heading, which the list at its top leads to.
  package struct Section: Sendable {
    /// Lower-case letters and hyphens: what addresses end with.
    let id: String
    let title: String
    let content: [Markup]
  }

  let title: String
  /// What stands above all sections.
  let lead: [Markup]
  let sections: [Section]
  let footer: String

  package var html: String {
    "<!doctype html>\n" + Markup.tag("html", ["lang": "en"], [head, body]).source + "\n"
  }

  private var head: Markup {
    .tag(
      "head", [:],
      [
        .tag("meta", ["charset": "utf-8"]),
        .tag("meta", ["name": "viewport", "content": "width=device-width,initial-scale=1"]),
        .tag(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none';img-src data:;style-src 'unsafe-inline'",
          ]),
        .tag("link", ["rel": "icon", "href": "data:,"]),
        .tag("title", text: title),
        .tag("style", [:], [.verbatim("\n" + PageStyle.text)]),
      ])
  }

  private var body: Markup {
    .tag(
      "body", [:],
      [
        .tag("header", [:], [.tag("h1", text: title)] + lead + [contents]),
        .tag("main", [:], sections.map(markup)),
        .tag("footer", [:], [.tag("p", text: footer)]),
      ])
  }

  /// Where the list of the sections begins, of which there is one.
  static let contentsStart = "<nav aria-label=\"Sections\">"

  private var contents: Markup {
    .tag(
      "nav", ["aria-label": "Sections"],
      [.tag("ul", [:], sections.map { .tag("li", [:], [.tag("a", ["href": "#\($0.id)"], text: $0.title)]) })])
  }

  private func markup(_ section: Section) -> Markup {
    .tag(
      "section", ["id": section.id, "aria-labelledby": "\(section.id)-title"],
      [.tag("h2", ["id": "\(section.id)-title"], text: section.title)] + section.content)
  }
}
