extension ReportPage {
  static func markup(ofWarning text: String) -> Markup {
    .tag("p", ["class": "warning"], text: "Warning: \(text)")
  }

  /// A page with what was not known when it was made: what it is of, and warnings, above the list of its sections.
  package static func adding(subject: String, warnings: [String], to html: String) -> String {
    guard let place = html.firstRange(of: Page.contentsStart)?.lowerBound else { return html }
    let added = [Markup.tag("p", ["class": "quiet"], text: subject)] + warnings.map(markup(ofWarning:))
    return String(html[..<place]) + added.map(\.source).joined() + String(html[place...])
  }
}
