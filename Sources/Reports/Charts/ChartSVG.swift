/// Elements of SVG that charts are made of.
enum ChartSVG {
  /// - Parameter label: what people hear who do not see it.
  static func root(width: Double, height: Double, label: String, _ parts: [Markup]) -> Markup {
    .tag(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "chart",
        "viewBox": "0 0 \(number(width)) \(number(height))", "role": "img", "aria-label": label,
      ], parts)
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class name: String
  ) -> Markup {
    .tag(
      "line",
      ["class": name, "x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2)])
  }

  static func text(
    _ text: String, x: Double, y: Double, class name: String, anchor: String = "start", turned: String? = nil
  ) -> Markup {
    guard let turned else {
      return .tag(
        "text", ["class": name, "x": number(x), "y": number(y), "text-anchor": anchor], text: text)
    }
    return .tag(
      "text",
      ["class": name, "x": number(x), "y": number(y), "text-anchor": anchor, "transform": turned], text: text)
  }

  /// At most two decimals.
  static func number(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// How wide a text is about: letters of the page's font are half as wide as high.
  static func width(of text: String) -> Double { Double(text.count) * 6.3 }
}
