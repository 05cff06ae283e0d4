/// Numbers that follow each other, and curves.
package enum LineChart {
  package struct Curve: Hashable, Sendable {
    package let name: String
    package let points: [ChartPoint]
    /// `nil` takes the next one.
    package let colour: ChartColour?
    package let isDashed: Bool

    package init(
      _ name: String, _ points: [ChartPoint], colour: ChartColour? = nil, isDashed: Bool = false
    ) {
      self.name = name
      self.points = points
      self.colour = colour
      self.isDashed = isDashed
    }
  }

  /// - Parameters:
  ///   - x, y: what the axes have to reach besides the points.
  package static func plot(
    label: String, xTitle: String, yTitle: String, x: [Double] = [], y: [Double] = [], curves: [Curve]
  ) -> Plot {
    let points = curves.flatMap(\.points)
    return Plot(
      label: label,
      x: ChartAxis(
        xTitle, reaching: x + points.map(\.x), isWhole: points.allSatisfy { $0.x == $0.x.rounded() }),
      y: ChartAxis(yTitle, reaching: y + points.map(\.y)),
      series: curves.enumerated().map { index, curve in
        ChartSeries(
          curve.name, curve.colour ?? .series(index),
          .line(curve.points.filter { $0.x.isFinite && $0.y.isFinite }, isDashed: curve.isDashed))
      }, numbers: numbers(curves, xTitle: xTitle))
  }

  /// A column for each curve where all have the same places, else a row for each point.
  private static func numbers(_ curves: [Curve], xTitle: String) -> ChartNumbers {
    let places = curves.first?.points.map(\.x) ?? []
    let named = curves.filter { !$0.name.isEmpty || curves.count == 1 }
    if named.allSatisfy({ $0.points.map(\.x) == places }) {
      return ChartNumbers(
        header: [xTitle] + named.map(\.name),
        rows: places.indices.map { row in
          [ChartNumbers.text(places[row])] + named.map { ChartNumbers.text($0.points[row].y) }
        })
    }
    return ChartNumbers(
      header: ["curve", xTitle, "value"],
      rows: curves.flatMap { curve in
        curve.points.map { [curve.name, ChartNumbers.text($0.x), ChartNumbers.text($0.y)] }
      })
  }
}
