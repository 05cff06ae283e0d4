/// Things under each other, with an arc from each to those that need it, and a bar for what each one cost.
package struct DependencyChart: Hashable, Sendable {
  package struct Row: Hashable, Sendable {
    package let name: String
    /// The rows, counted from 0, that it needs; all above it.
    package let needs: [Int]
    /// What it cost; `nil` where that is not known.
    package let amount: Double?
    /// The amount with its unit.
    package let amountText: String

    package init(name: String, needs: [Int], amount: Double?, amountText: String) {
      self.name = name
      self.needs = needs
      self.amount = amount
      self.amountText = amountText
    }
  }

  package let label: String
  package let rows: [Row]

  package init(label: String, rows: [Row]) {
    self.label = label
    self.rows = rows
  }

  private static let (width, rowHeight, deepest) = (440.0, 20.0, 96.0)

  package var svg: Markup {
    let names = Self.deepest + 14
    let longest = rows.map { ChartSVG.width(of: $0.name) }.max() ?? 0
    let texts = rows.map { ChartSVG.width(of: $0.amountText) }.max() ?? 0
    let start = min(names + longest + 12, Self.width - texts - 60)
    let room = Self.width - texts - 10 - start
    let largest = rows.compactMap(\.amount).max() ?? 1
    let parts = rows.enumerated().flatMap { index, row in
      let y = Self.middle(index)
      var parts = row.needs.map { arc(from: $0, to: index) }
      parts.append(
        .tag("path", ["class": "points c-blue", "d": "M\(ChartSVG.number(Self.deepest)) \(ChartSVG.number(y))h0"]))
      parts.append(ChartSVG.text(row.name, x: names, y: y + 4, class: "tick"))
      if let amount = row.amount {
        let length = largest > 0 ? amount / largest * room : 0
        parts.append(
          .tag(
            "rect",
            [
              "class": "columns c-grey", "x": ChartSVG.number(start), "y": ChartSVG.number(y - 6),
              "width": ChartSVG.number(max(1, length)), "height": "12",
            ]))
        parts.append(ChartSVG.text(row.amountText, x: start + length + 5, y: y + 4, class: "tick"))
      }
      return parts
    }
    return ChartSVG.root(
      width: Self.width, height: Double(rows.count) * Self.rowHeight + 8, label: label, parts)
  }

  private static func middle(_ row: Int) -> Double { (Double(row) + 0.5) * rowHeight + 4 }

  /// The farther, the deeper; but less and less so.
  private func arc(from: Int, to: Int) -> Markup {
    let (start, end) = (Self.middle(from), Self.middle(to))
    let span = Double(to - from) / Double(max(1, rows.count - 1))
    let depth = 12 + (Self.deepest - 14) * span.squareRoot()
    let control = ChartSVG.number(max(0, Self.deepest - depth * 4 / 3))
    return .tag(
      "path",
      [
        "class": "line arc c-grey",
        "d": "M\(ChartSVG.number(Self.deepest)) \(ChartSVG.number(start))C\(control) \(ChartSVG.number(start)) "
          + "\(control) \(ChartSVG.number(end)) \(ChartSVG.number(Self.deepest)) \(ChartSVG.number(end))",
      ])
  }
}
