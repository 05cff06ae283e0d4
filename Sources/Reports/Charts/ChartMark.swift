/// Something that is drawn between the axes.
package enum ChartMark: Hashable, Sendable {
  /// Bars of a histogram that stand on the axis: one over each part of the x axis.
  case columns(edges: [Double], heights: [Double])
  case line([ChartPoint], isDashed: Bool = false)
  case points([ChartPoint])
  /// A line across, at a value of the x axis: a threshold.
  case upright(Double)
}

package struct ChartPoint: Hashable, Sendable {
  package let x: Double
  package let y: Double

  package init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// A mark with its name and its colour.
package struct ChartSeries: Hashable, Sendable {
  package let name: String
  package let colour: ChartColour
  package let mark: ChartMark

  package init(_ name: String, _ colour: ChartColour, _ mark: ChartMark) {
    self.name = name
    self.colour = colour
    self.mark = mark
  }
}
