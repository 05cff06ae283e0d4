import Foundation

/// How numbers are distributed, for one or more groups of them.
package enum Histogram {
  /// Numbers of which the distribution is drawn.
  package struct Group: Hashable, Sendable {
    package let name: String
    package let colour: ChartColour
    package let values: [Double]

    package init(_ name: String, _ colour: ChartColour, _ values: [Double]) {
      self.name = name
      self.colour = colour
      self.values = values
    }
  }

  /// A line at a value.
  package struct Threshold: Hashable, Sendable {
    package let name: String
    package let value: Double

    package init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// Bars of equal width over all values; the axis of the counts is logarithmic, so that a group of fifty
  /// among ten thousand is seen.
  package static func plot(
    label: String, valueTitle: String, groups: [Group], thresholds: [Threshold] = [], bins: Int = 60
  ) -> Plot {
    let all = groups.flatMap(\.values) + thresholds.map(\.value)
    let x = ChartAxis(valueTitle, reaching: all)
    let width = (x.range.upperBound - x.range.lowerBound) / Double(bins)
    let edges = (0...bins).map { x.range.lowerBound + Double($0) * width }
    let counts = groups.map { group -> [Double] in
      var counts = [Double](repeating: 0, count: bins)
      for value in group.values where value.isFinite {
        counts[min(bins - 1, max(0, Int((value - x.range.lowerBound) / width)))] += 1
      }
      return counts
    }
    let largest = counts.joined().max() ?? 1
    // From a half, so that a single one stands above the axis.
    let y = ChartAxis("samples", reaching: [0.5, max(10, largest)], scale: .logarithmic)
    let series =
      zip(groups, counts).map { ChartSeries($0.name, $0.colour, .columns(edges: edges, heights: $1)) }
      + thresholds.enumerated().map { ChartSeries($1.name, $0 == 0 ? .blue : .orange, .upright($1.value)) }
    let numbers = ChartNumbers(
      header: ["from", "to"] + groups.map { $0.name.isEmpty ? "samples" : $0.name },
      rows: (0..<bins).map { bin in
        [ChartNumbers.text(edges[bin]), ChartNumbers.text(edges[bin + 1])]
          + counts.map { ChartNumbers.text($0[bin]) }
      })
    return Plot(label: label, x: x, y: y, series: series, numbers: numbers)
  }
}
