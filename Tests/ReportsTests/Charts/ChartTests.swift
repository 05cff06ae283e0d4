import Reports
import SystemPackage
import TestSupport
import Testing

/// Charts to the letter, against files that were looked at. `WINNOW_UPDATE_GOLDEN=1` writes them anew.
@Suite struct ChartTests {
  static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Golden")

  private func check(_ chart: Markup, _ numbers: ChartNumbers, _ name: String) throws {
    try checkGolden(chart.source + "\n", against: Self.folder.appending(name + ".svg"))
    try checkGolden(numbers.csv, against: Self.folder.appending(name + ".csv"))
  }

  @Test func histogram() throws {
    let clean = (0..<200).map { Double($0 * $0 % 97) / 40 }
    let plot = Histogram.plot(
      label: "Scores of 212 samples", valueTitle: "score", groups: [
        Histogram.Group("clean", .green, clean),
        Histogram.Group("poisoned", .red, (0..<12).map { 4 + Double($0) / 10 }),
      ],
      thresholds: [.init("named clean up to 1", 1), .init("named poisoned from 3.5", 3.5)], bins: 10)
    try check(plot.svg, plot.numbers, "histogram")
    // Every value is in one bar.
    #expect(plot.numbers.rows.compactMap { Int($0[2]) }.reduce(0, +) == 200)
    #expect(plot.numbers.rows.compactMap { Int($0[3]) }.reduce(0, +) == 12)
    #expect(plot.numbers.header == ["from", "to", "clean", "poisoned"])
  }

  @Test func lines() throws {
    let plot = LineChart.plot(
      label: "ACC and ASR by round", xTitle: "round", yTitle: "shares (%)", y: [0, 100],
      curves: [
        .init("ACC", [ChartPoint(1, 80), ChartPoint(2, 85), ChartPoint(3, 84.5)]),
        .init("ASR", [ChartPoint(1, 100), ChartPoint(2, 12.25), ChartPoint(3, 0)], isDashed: true),
      ])
    try check(plot.svg, plot.numbers, "lines")
  }

  @Test func scatter() throws {
    let plot = ScatterChart.plot(
      label: "Two groups", xTitle: "first", yTitle: "second",
      groups: [
        .init("clean", .green, [ChartPoint(0, 0), ChartPoint(1, 2)]), .init("poisoned", .red, [ChartPoint(3, 1)]),
      ])
    try check(plot.svg, plot.numbers, "scatter")
  }

  @Test func bars() throws {
    let chart = BarChart(
      label: "Classes", nameTitle: "class", valueTitle: "samples",
      names: ["cat & dog", "a class with a very long name", "none"],
      parts: [.init("clean", .green, [50, 40, 0]), .init("poisoned", .red, [0, 7, 0])])
    try check(chart.svg, chart.numbers, "bars")
  }

  @Test func dependencies() throws {
    let chart = DependencyChart(
      label: "Stages",
      rows: [
        .init(name: "load", needs: [], amount: 1, amountText: "1.00 s"),
        .init(name: "train", needs: [0], amount: 12, amountText: "12 s"),
        .init(name: "scores", needs: [0, 1], amount: nil, amountText: ""),
      ])
    try checkGolden(chart.svg.source + "\n", against: Self.folder.appending("dependencies.svg"))
  }

  /// Nothing to draw, and what cannot be drawn, make no chart that is not one.
  @Test func withoutValues() {
    let empty = LineChart.plot(label: "", xTitle: "x", yTitle: "y", curves: [.init("a", [])])
    #expect(empty.numbers.rows.isEmpty)
    let source = LineChart.plot(
      label: "", xTitle: "x", yTitle: "y",
      curves: [.init("a", [ChartPoint(1, .nan), ChartPoint(2, 3), ChartPoint(.infinity, 1)])]
    ).svg.source
    #expect(!source.contains("nan") && !source.contains("inf"))
    #expect(Histogram.plot(label: "", valueTitle: "x", groups: []).svg.source.contains("<svg"))
  }
}
