import Reports
import Testing

/// The copies of two stages over `loss`, `lambda` and `seed`: each value says which copy it is of.
@Suite struct SweepLayoutTests {
  private static func entry(_ stage: String, _ choices: [(String, String)], _ value: Double) -> SweepEntry {
    SweepEntry(
      stage: stage, choices: choices.map { SweepEntry.Choice($0.0, $0.1) },
      values: [MetricValue(.accuracy, value)])
  }

  private static let entries: [SweepEntry] = {
    var entries: [SweepEntry] = []
    for (x, loss) in ["ctl", "s-ctl"].enumerated() {
      for (y, lambda) in ["0", "1"].enumerated() {
        for seed in 1...2 {
          let choices = [("loss", loss), ("lambda", lambda), ("seed", "\(seed)")]
          entries.append(entry("after", choices, Double(100 * x + 10 * y + seed)))
        }
      }
    }
    return entries
  }()

  private func means(_ table: ResultTable) -> [Double?] { table.cells(of: .accuracy).map { $0?.mean } }

  @Test func first() {
    let table = ResultTable(of: Self.entries, layout: .first, hasAverage: true)
    #expect(table.rowTitle == "loss")
    #expect(table.rows == ["ctl", "s-ctl"])
    #expect(table.groups == ["0", "1"])
    #expect(means(table) == [1.5, 11.5, 101.5, 111.5])
    for cell in table.cells(of: .accuracy) {
      #expect(cell?.count == 2)
      #expect(cell?.deviation == 0.5.squareRoot())
    }
    #expect(table.averages == [51.5, 61.5])
  }

  @Test func last() {
    let table = ResultTable(of: Self.entries, layout: .last, hasAverage: false)
    #expect(table.rowTitle == "lambda")
    #expect(table.rows == ["0", "1"])
    #expect(table.groups == ["ctl", "s-ctl"])
    #expect(means(table) == [1.5, 101.5, 11.5, 111.5])
    #expect(!table.hasAverage)
  }

  @Test func stage() {
    let before = Self.entry("before", [("loss", "ctl"), ("lambda", "0"), ("seed", "1")], 7)
    let table = ResultTable(of: [before] + Self.entries, layout: .stage, hasAverage: false)
    #expect(table.rowTitle == "stage")
    #expect(table.rows == ["before", "after"])
    #expect(table.groups == ["ctl 0", "ctl 1", "s-ctl 0", "s-ctl 1"])
    #expect(means(table) == [7, nil, nil, nil, 1.5, 11.5, 101.5, 111.5])
  }

  @Test func all() {
    let table = ResultTable(of: Self.entries, layout: .all, hasAverage: false)
    #expect(table.rowTitle == "copy")
    #expect(table.rows == ["ctl 0", "ctl 1", "s-ctl 0", "s-ctl 1"])
    #expect(table.groups == [""])
    #expect(means(table) == [1.5, 11.5, 101.5, 111.5])

    // Two stages are told apart by their names; one that does not depend on a variable has a row less.
    let plain = Self.entry("plain", [("loss", "ctl")], 3)
    let both = ResultTable(of: [plain] + Self.entries, layout: .all, hasAverage: false)
    #expect(both.rows == ["ctl plain", "ctl 0 after", "ctl 1 after", "s-ctl 0 after", "s-ctl 1 after"])
  }

  @Test func aStageWithoutTheRowsVariable() {
    let plain = Self.entry("plain", [("loss", "ctl")], 3)
    let table = ResultTable(of: [plain] + Self.entries, layout: .last, hasAverage: false)
    #expect(table.rows == ["–", "0", "1"])
    #expect(table.groups == ["ctl plain", "ctl after", "s-ctl after"])
  }

  /// Over the seed alone, or over nothing, the stages are the rows.
  @Test(arguments: [SweepLayout.first, .last, .stage, .all]) func onlySeeds(_ layout: SweepLayout) {
    let entries = [1, 2].map { Self.entry("after", [("seed", "\($0)")], Double($0)) }
    let table = ResultTable(of: entries, layout: layout, hasAverage: true)
    #expect(table.rowTitle == "stage")
    #expect(table.rows == ["after"])
    #expect(table.groups == [""])
    #expect(means(table) == [1.5])
  }
}
