import Testing

@testable import Reports

@Suite struct ChartTickTests {
  @Test(arguments: [
    (0.0...1.0, 6, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (0.0...100.0, 6, ["0", "20", "40", "60", "80", "100"]),
    (3.0...17.0, 7, ["5", "10", "15"]),
    (-0.02...0.03, 7, ["−0.02", "−0.01", "0", "0.01", "0.02", "0.03"]),
    (0.0...8_000_000.0, 5, ["0", "2e+06", "4e+06", "6e+06", "8e+06"]),
    (0.0...0.00004, 5, ["0", "1e-05", "2e-05", "3e-05", "4e-05"]),
  ])
  func linear(_ range: ClosedRange<Double>, _ most: Int, _ labels: [String]) {
    let ticks = ChartTicks.linear(range, atMost: most)
    #expect(ticks.labels == labels)
    #expect(ticks.values.count <= most)
  }

  /// There is no round one and a half.
  @Test func whole() {
    #expect(ChartTicks.linear(1...3, atMost: 7, isWhole: true).labels == ["1", "2", "3"])
    #expect(ChartTicks.linear(1...20, atMost: 7, isWhole: true).labels == ["5", "10", "15", "20"])
  }

  @Test func logarithmic() {
    #expect(ChartTicks.logarithmic(0.5...2000).labels == ["1", "10", "100", "1000"])
    #expect(ChartTicks.logarithmic(0.01...1).labels == ["0.01", "0.1", "1"])
  }

  /// Axes without values, with equal ones, and with such as cannot be drawn.
  @Test func axes() {
    #expect(ChartAxis("x", reaching: []).range == 0...1)
    #expect(ChartAxis("x", reaching: [4, 4]).range == 3.5...4.5)
    #expect(ChartAxis("x", reaching: [1, .nan, 3, .infinity]).range == 1...3)
    let logarithmic = ChartAxis("x", reaching: [0, 1, 100], scale: .logarithmic)
    #expect(logarithmic.range == 1...100)
    #expect([0, 1, 10, 1000].map(logarithmic.share) == [0, 0, 0.5, 1])
  }
}
