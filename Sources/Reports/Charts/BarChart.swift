/// Amounts by name, in horizontal bars under each other; a bar may have several parts.
package struct BarChart: Hashable, Sendable {
  /// A part of each bar.
  package struct Part: Hashable, Sendable {
    package let name: String
    package let colour: ChartColour
    /// One for each bar.
    package let values: [Double]

    package init(_ name: String, _ colour: ChartColour, _ values: [Double]) {
      self.name = name
      self.colour = colour
      self.values = values
    }
  }

  package let label: String
  /// What the names are names of: "class".
  package let nameTitle: String
  /// With its unit.
  package let valueTitle: String
  package let names: [String]
  package let parts: [Part]

  package init(
    label: String, nameTitle: String, valueTitle: String, names: [String], parts: [Part]
  ) {
    self.label = label
    self.nameTitle = nameTitle
    self.valueTitle = valueTitle
    self.names = names
    self.parts = parts
  }

  private static let (width, right, bottom) = (440.0, 44.0, 40.0)
  private static let (rowHeight, barHeight) = (20.0, 13.0)
  private static let longestName = 18

  package var svg: Markup {
    let shown = names.map(Self.shortened)
    let left = max(40, (shown.map(ChartSVG.width).max() ?? 0) + 12)
    let samples = parts.map { ChartSeries($0.name, $0.colour, .columns(edges: [], heights: [])) }
    let legend = ChartLegend(samples, width: Self.width - left - Self.right)
    let top = legend.height + 8
    let frame = ChartFrame(
      left: left, right: Self.width - Self.right, top: top,
      bottom: top + Double(names.count) * Self.rowHeight + 2)
    let axis = ChartAxis(valueTitle, reaching: [0] + totals)
    return ChartSVG.root(
      width: Self.width, height: frame.bottom + Self.bottom, label: label,
      legend.markup(left: frame.left, top: 2) + axes(frame, axis)
        + shown.enumerated().flatMap { row, name in bar(row, name, frame, axis) })
  }

  private var totals: [Double] { names.indices.map { row in parts.reduce(0) { $0 + $1.values[row] } } }

  private func axes(_ frame: ChartFrame, _ axis: ChartAxis) -> [Markup] {
    let ticks = axis.ticks(atMost: 6)
    var marks: [Markup] = []
    for (value, label) in zip(ticks.values, ticks.labels) {
      let place = frame.x(axis.share(of: value))
      marks.append(ChartSVG.line(place, frame.top, place, frame.bottom, class: "grid"))
      marks.append(ChartSVG.text(label, x: place, y: frame.bottom + 15, class: "tick", anchor: "middle"))
    }
    marks.append(ChartSVG.line(frame.left, frame.top, frame.left, frame.bottom, class: "axis"))
    marks.append(
      ChartSVG.text(
        axis.title, x: (frame.left + frame.right) / 2, y: frame.bottom + 32, class: "title", anchor: "middle"))
    return [.tag("g", ["class": "axes"], marks)]
  }

  private func bar(_ row: Int, _ name: String, _ frame: ChartFrame, _ axis: ChartAxis) -> [Markup] {
    let top = frame.top + Double(row) * Self.rowHeight + (Self.rowHeight - Self.barHeight) / 2
    var start = 0.0
    var marks = [
      ChartSVG.text(name, x: frame.left - 6, y: top + 11, class: "tick", anchor: "end")
    ]
    for part in parts where part.values[row] > 0 {
      let (left, right) = (
        frame.x(axis.share(of: start)), frame.x(axis.share(of: start + part.values[row]))
      )
      start += part.values[row]
      marks.append(
        .tag(
          "rect",
          [
            "class": "columns \(part.colour.cssClass)", "x": ChartSVG.number(left),
            "y": ChartSVG.number(top), "width": ChartSVG.number(right - left),
            "height": ChartSVG.number(Self.barHeight),
          ]))
    }
    marks.append(
      ChartSVG.text(
        NumberFormat.significant(totals[row]), x: frame.x(axis.share(of: start)) + 4, y: top + 11,
        class: "tick"))
    return marks
  }

  private static func shortened(_ name: String) -> String {
    name.count > longestName ? name.prefix(longestName - 1) + "…" : name
  }

  package var numbers: ChartNumbers {
    ChartNumbers(
      header: [nameTitle] + parts.map { $0.name.isEmpty ? valueTitle : $0.name },
      rows: names.enumerated().map { row, name in [name] + parts.map { ChartNumbers.text($0.values[row]) } })
  }
}
