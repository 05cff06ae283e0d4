/// Points of one or more groups.
package enum ScatterChart {
  package struct Group: Hashable, Sendable {
    package let name: String
    package let colour: ChartColour
    package let points: [ChartPoint]

    package init(_ name: String, _ colour: ChartColour, _ points: [ChartPoint]) {
      self.name = name
      self.colour = colour
      self.points = points
    }
  }

  /// Groups that come later are drawn above earlier ones.
  ///
  /// - Parameters:
  ///   - x, y: what the axes have to reach besides the points.
  package static func plot(
    label: String, xTitle: String, yTitle: String, x: [Double] = [], y: [Double] = [], groups: [Group]
  ) -> Plot {
    let points = groups.flatMap(\.points)
    return Plot(
      label: label, x: ChartAxis(xTitle, reaching: x + points.map(\.x)),
      y: ChartAxis(yTitle, reaching: y + points.map(\.y)),
      series: groups.map { ChartSeries($0.name, $0.colour, .points($0.points)) },
      numbers: ChartNumbers(
        header: ["group", xTitle, yTitle],
        rows: groups.flatMap { group in
          group.points.map { [group.name, ChartNumbers.text($0.x), ChartNumbers.text($0.y)] }
        }))
  }
}
