/// A small picture for a page.
package struct PagePicture: Hashable, Sendable {
  /// The bytes of a PNG file.
  package let png: [UInt8]
  package let width: Int
  package let height: Int
  /// What people hear who do not see it.
  package let description: String
  /// What stands below it.
  package let caption: String

  package init(png: [UInt8], width: Int, height: Int, description: String, caption: String) {
    self.png = png
    self.width = width
    self.height = height
    self.description = description
    self.caption = caption
  }

  var markup: Markup {
    .tag(
      "li", [:],
      [
        .tag(
          "img",
          [
            "src": DataURI.png(png), "width": "\(width)", "height": "\(height)", "alt": description,
          ]),
        .text(caption),
      ])
  }

  /// - Parameter isLarge: for pictures of which every pixel counts.
  static func row(_ title: String, _ pictures: [PagePicture], isLarge: Bool = false) -> Markup {
    .tag(
      "div", [:],
      [
        .tag("h3", text: title),
        .tag("ul", ["class": isLarge ? "samples large" : "samples"], pictures.map(\.markup)),
      ])
  }
}
