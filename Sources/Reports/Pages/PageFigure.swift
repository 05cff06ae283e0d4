/// A chart in a page, with what it shows in words and its numbers.
enum PageFigure {
  /// - Parameter name: of the file that the numbers are saved as.
  static func markup(
    _ chart: Markup, caption: String, numbers: ChartNumbers, name: String
  ) -> Markup {
    .tag(
      "figure", [:],
      [chart, .tag("figcaption", text: caption), Self.numbers(numbers, caption: caption, name: name)])
  }

  static func markup(_ plot: Plot, caption: String, name: String) -> Markup {
    markup(plot.svg, caption: caption, numbers: plot.numbers, name: name)
  }

  static func markup(_ chart: BarChart, caption: String, name: String) -> Markup {
    markup(chart.svg, caption: caption, numbers: chart.numbers, name: name)
  }

  /// More rows than this are in the CSV alone.
  private static let mostRows = 100

  private static func numbers(_ numbers: ChartNumbers, caption: String, name: String) -> Markup {
    let shown = Array(numbers.rows.prefix(mostRows))
    let rest = numbers.rows.count - shown.count
    return .tag(
      "details", [:],
      [
        .tag("summary", text: "Numbers"),
        .tag(
          "p", [:],
          [
            .tag("a", ["download": "\(name).csv", "href": DataURI.csv(numbers.csv)], text: "\(name).csv"),
            .text(rest > 0 ? " has \(rest) more rows" : ""),
          ]),
        PageTable.markup(caption: caption, header: numbers.header, rows: shown),
      ])
  }
}
