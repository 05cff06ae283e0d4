import Foundation
import FoundationXML
import Testing

/// What a parser finds in a page.
package final class PageCheck: NSObject, XMLParserDelegate {
  package private(set) var problems: [String] = []
  package private(set) var imageCount = 0
  package private(set) var chartCount = 0
  package private(set) var headings: [String] = []
  private var ids: Set<String> = []
  private var links: [String] = []

  package init(_ html: String) throws {
    super.init()
    let source = try #require(html.range(of: "<html")).lowerBound
    let parser = XMLParser(data: Data(html[source...].utf8))
    parser.delegate = self
    if !parser.parse() { problems.append("not well-formed in line \(parser.lineNumber)") }
    for link in links where !ids.contains(link) { problems.append("no place '\(link)'") }
    if html.contains("url(") || html.contains("@import") { problems.append("the style asks for something") }
  }

  package func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    if ["script", "iframe", "object", "embed", "form", "base"].contains(name) { problems.append("a \(name)") }
    for (attribute, value) in attributes {
      if attribute.hasPrefix("on") { problems.append("a script in \(attribute)") }
      guard ["src", "href", "srcset", "data", "action", "xlink:href"].contains(attribute) else { continue }
      if value.hasPrefix("#") {
        links.append(String(value.dropFirst()))
      } else if !value.hasPrefix("data:") {
        problems.append("'\(value)' is outside")
      }
    }
    if let id = attributes["id"], !ids.insert(id).inserted { problems.append("'\(id)' twice") }
    switch name {
    case "img":
      imageCount += 1
      if attributes["alt", default: ""].isEmpty { problems.append("a picture without words") }
    case "svg":
      chartCount += 1
      if attributes["aria-label", default: ""].isEmpty { problems.append("a chart without words") }
    case "h1", "h2", "h3": headings.append(name)
    default: break
    }
  }
}
