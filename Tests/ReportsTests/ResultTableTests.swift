import Reports
import Testing

@Suite struct ResultTableTests {
  /// Deviations by hand: of 1, 2, 6 the mean is 3, the squares are 4 + 1 + 9 = 14, over 2 are 7.
  @Test func cells() throws {
    let cell = try #require(ResultCell([1, 2, 6]))
    #expect(cell.mean == 3)
    #expect(cell.deviation == 7.0.squareRoot())
    #expect(cell.count == 3)
    #expect(ResultCell([5]) == ResultCell(5))
    #expect(ResultCell(5).deviation == nil)
    #expect(ResultCell([]) == nil)
  }

  /// A column whose cells are all there has an average, one with a gap has none, an empty one is not shown.
  @Test func averagesAndGaps() {
    let values: [[Double?]] = [[0.5, 0.2, nil], [0.75, nil, nil]]
    let metrics: [MetricDeclaration] = [.accuracy, .attackSuccess, .robustAccuracy]
    let table = ResultTable(
      rowTitle: "model", rows: ["a", "b"], metrics: metrics, hasAverage: true
    ) { row, _, metric in
      metrics.firstIndex(of: metric).flatMap { values[row][$0] }.map(ResultCell.init)
    }
    #expect(table.columns.map(\.metric) == [.accuracy, .attackSuccess])
    #expect(table.averages == [0.625, nil])
    #expect(table.cells(of: .attackSuccess) == [ResultCell(0.2), nil])
    #expect(table.cells(of: .robustAccuracy) == [nil, nil])
    #expect(table.cells(of: .areaUnderCurve).isEmpty)
    #expect(table.showing([.attackSuccess]).columns.map(\.metric) == [.attackSuccess])
  }

  @Test func oneRowHasNoAverage() {
    let table = ResultTable(rowTitle: "model", rows: ["a"], metrics: [.accuracy], hasAverage: true) {
      _, _, _ in ResultCell(0.5)
    }
    #expect(!table.hasAverage)
  }
}
