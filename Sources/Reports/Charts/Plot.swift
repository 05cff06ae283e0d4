/// Series over two axes, drawn as SVG.
///
/// Its text is in the page's font and its colours are CSS variables (`ChartStyle`), so that a chart fits
/// into a light page and a dark one; lines differ in dashes as well as in colour.
package struct Plot: Hashable, Sendable {
  /// What it shows, in a sentence: what people hear who do not see it.
  package let label: String
  package let x: ChartAxis
  package let y: ChartAxis
  package let series: [ChartSeries]
  package let numbers: ChartNumbers

  package init(
    label: String, x: ChartAxis, y: ChartAxis, series: [ChartSeries], numbers: ChartNumbers
  ) {
    self.label = label
    self.x = x
    self.y = y
    self.series = series
    self.numbers = numbers
  }

  private static let width = 440.0
  private static let plotHeight = 200.0
  private static let (left, right, bottom) = (52.0, 12.0, 40.0)

  package var svg: Markup {
    let legend = ChartLegend(series, width: Self.width - Self.left - Self.right)
    let top = legend.height + 10
    let frame = ChartFrame(
      left: Self.left, right: Self.width - Self.right, top: top, bottom: top + Self.plotHeight)
    return ChartSVG.root(
      width: Self.width, height: frame.bottom + Self.bottom, label: label,
      legend.markup(left: frame.left, top: 4) + axes(frame) + series.map { mark($0, frame) })
  }

  private func place(_ point: ChartPoint, _ frame: ChartFrame) -> (x: Double, y: Double) {
    (frame.x(x.share(of: point.x)), frame.y(y.share(of: point.y)))
  }

  private func axes(_ frame: ChartFrame) -> [Markup] {
    let (across, up) = (x.ticks(atMost: 7), y.ticks(atMost: 6))
    var parts: [Markup] = []
    for (value, label) in zip(up.values, up.labels) {
      let height = frame.y(y.share(of: value))
      parts.append(ChartSVG.line(frame.left, height, frame.right, height, class: "grid"))
      parts.append(ChartSVG.text(label, x: frame.left - 6, y: height + 4, class: "tick", anchor: "end"))
    }
    for (value, label) in zip(across.values, across.labels) {
      let place = frame.x(x.share(of: value))
      parts.append(ChartSVG.line(place, frame.bottom, place, frame.bottom + 4, class: "axis"))
      parts.append(ChartSVG.text(label, x: place, y: frame.bottom + 17, class: "tick", anchor: "middle"))
    }
    parts.append(ChartSVG.line(frame.left, frame.bottom, frame.right, frame.bottom, class: "axis"))
    let middle = (frame.top + frame.bottom) / 2
    parts.append(
      ChartSVG.text(
        x.title, x: (frame.left + frame.right) / 2, y: frame.bottom + 34, class: "title", anchor: "middle"))
    parts.append(
      ChartSVG.text(
        y.title, x: 12, y: middle, class: "title", anchor: "middle",
        turned: "rotate(-90 12 \(ChartSVG.number(middle)))"))
    return [.tag("g", ["class": "axes"], parts)]
  }

  private func mark(_ series: ChartSeries, _ frame: ChartFrame) -> Markup {
    let colour = series.colour.cssClass
    switch series.mark {
    case .columns(let edges, let heights):
      var path = ""
      for (index, height) in heights.enumerated() where height > 0 {
        let (left, right) = (frame.x(x.share(of: edges[index])), frame.x(x.share(of: edges[index + 1])))
        let top = frame.y(y.share(of: height))
        // At least a hair's breadth high: a single sample must be seen.
        path += "M\(ChartSVG.number(left)) \(ChartSVG.number(frame.bottom))"
          + "V\(ChartSVG.number(min(top, frame.bottom - 1)))H\(ChartSVG.number(right))V\(ChartSVG.number(frame.bottom))Z"
      }
      return .tag("path", ["class": "columns \(colour)", "d": path])
    case .line(let points, let isDashed):
      return .tag(
        "path", ["class": (isDashed ? "line dashed " : "line ") + colour, "d": path(through: points, frame)])
    case .points(let points):
      let path = points.map { point in
        let place = place(point, frame)
        return "M\(ChartSVG.number(place.x)) \(ChartSVG.number(place.y))h0"
      }.joined()
      return .tag("path", ["class": "points \(colour)", "d": path])
    case .upright(let value):
      let place = frame.x(x.share(of: value))
      return ChartSVG.line(place, frame.top, place, frame.bottom, class: "upright \(colour)")
    }
  }

  private func path(through points: [ChartPoint], _ frame: ChartFrame) -> String {
    points.enumerated().map { index, point in
      let place = place(point, frame)
      return (index == 0 ? "M" : "L") + "\(ChartSVG.number(place.x)) \(ChartSVG.number(place.y))"
    }.joined()
  }
}

/// The rectangle between the axes; y grows downwards, as in SVG.
struct ChartFrame {
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double

  func x(_ share: Double) -> Double { left + share * (right - left) }
  func y(_ share: Double) -> Double { bottom - share * (bottom - top) }
}
