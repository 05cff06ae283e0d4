/// The names of series beside samples of how they are drawn, in as many lines as they need.
struct ChartLegend {
  private let lines: [[(series: ChartSeries, offset: Double)]]

  private static let lineHeight = 17.0
  private static let (sampleWidth, gap) = (20.0, 16.0)

  /// - Parameter series: those with an empty name are left out.
  init(_ series: [ChartSeries], width: Double) {
    var lines: [[(ChartSeries, Double)]] = []
    var offset = 0.0
    for series in series where !series.name.isEmpty {
      let needed = Self.sampleWidth + ChartSVG.width(of: series.name)
      if lines.isEmpty || offset + needed > width {
        lines.append([])
        offset = 0
      }
      lines[lines.count - 1].append((series, offset))
      offset += needed + Self.gap
    }
    self.lines = lines
  }

  var height: Double { Double(lines.count) * Self.lineHeight }

  func markup(left: Double, top: Double) -> [Markup] {
    guard !lines.isEmpty else { return [] }
    let parts = lines.enumerated().flatMap { number, line in
      line.flatMap { series, offset in
        let middle = top + (Double(number) + 0.5) * Self.lineHeight
        return [
          Self.sample(series, x: left + offset, y: middle),
          ChartSVG.text(
            series.name, x: left + offset + Self.sampleWidth, y: middle + 4, class: "legend"),
        ]
      }
    }
    return [.tag("g", ["class": "legends"], parts)]
  }

  private static func sample(_ series: ChartSeries, x: Double, y: Double) -> Markup {
    let colour = series.colour.cssClass
    switch series.mark {
    case .columns:
      return .tag(
        "path",
        ["class": "columns \(colour)", "d": "M\(ChartSVG.number(x)) \(ChartSVG.number(y - 5))h14v10h-14Z"])
    case .line(_, let isDashed):
      return ChartSVG.line(x, y, x + 15, y, class: (isDashed ? "line dashed " : "line ") + colour)
    case .points:
      return .tag("path", ["class": "points \(colour)", "d": "M\(ChartSVG.number(x + 7)) \(ChartSVG.number(y))h0"])
    case .upright:
      return ChartSVG.line(x + 7, y - 7, x + 7, y + 7, class: "upright \(colour)")
    }
  }
}
