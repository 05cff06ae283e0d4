import Foundation
import Reports
import Testing

@Suite struct PublishedValuesTests {
  private static func entry(_ stage: String, _ attack: String, seed: Int = 1) -> SweepEntry {
    SweepEntry(
      stage: stage, choices: [.init("attack", attack), .init("seed", "\(seed)")],
      values: [MetricValue(.accuracy, 0.6 + Double(seed) / 100), MetricValue(.attackSuccess, 0.25)])
  }

  private static let entries: [SweepEntry] = ["badnets", "blend"].flatMap { attack in
    ["before", "after"].flatMap { stage in [1, 2].map { entry(stage, attack, seed: $0) } }
  }

  private static let text = """
    # A comment, and # another.
    attack   stage   test_accuracy  attack_success_rate  # the columns

    badnets  before  91.64          100
    badnets  after   92.83          -
    blend    after   -              0.06
    cl       after   92.08          0
    """

  private static func table(_ layout: SweepLayout) throws -> ResultTable {
    ResultTable(
      of: entries, layout: layout, hasAverage: true,
      published: try PublishedValues(text, variables: entries.variables))
  }

  @Test(arguments: [text, "\u{FEFF}" + text.replacing("\n", with: "\r\n")]) func reading(_ text: String) throws {
    #expect(Self.entries.variables == ["attack"])
    let published = try PublishedValues(text, variables: Self.entries.variables)
    #expect(published.values(of: Self.entry("before", "badnets")) == [.accuracy: 0.9164, .attackSuccess: 1])
    #expect(published.values(of: Self.entry("after", "badnets", seed: 3)) == [.accuracy: 0.9283])
    #expect(published.values(of: Self.entry("after", "blend")) == [.attackSuccess: 0.0006])
    #expect(published.values(of: Self.entry("before", "blend")).isEmpty)
    #expect(published.count == 4 && published.count(for: Self.entries) == 3)
  }

  /// Every value stands in the row and the column of the copies that it is for, whatever the layout.
  @Test func places() throws {
    let first = try Self.table(.first)
    #expect(first.rows == ["badnets", "blend"] && first.groups == ["before", "after"])
    #expect(first.publishedValues(of: .accuracy) == [0.9164, 0.9283, nil, nil])
    #expect(first.publishedValues(of: .attackSuccess) == [1, nil, nil, 0.0006])
    #expect(first.columns.map(\.isPublished) == [false, true, false, true, false, true, false, true])
    let all = try Self.table(.all)
    #expect(all.rows == ["badnets before", "badnets after", "blend before", "blend after"])
    #expect(all.publishedValues(of: .accuracy) == [0.9164, 0.9283, nil, nil])
    #expect(all.publishedMetrics == [.accuracy, .attackSuccess])
    #expect(all.showing([.attackSuccess]).publishedValues(of: .attackSuccess) == [1, nil, nil, 0.0006])
    // What was published counts as nothing measured.
    #expect(all.countRange == 2...2)
  }

  /// Without a column for the stage, a line is for the copies of all stages.
  @Test func aLineForSeveralCopies() throws {
    let published = try PublishedValues("attack test_accuracy\nblend 50\n", variables: ["attack"])
    let table = ResultTable(of: Self.entries, layout: .all, hasAverage: false, published: published)
    #expect(table.publishedValues(of: .accuracy) == [nil, nil, 0.5, 0.5])
  }

  @Test func formats() throws {
    let table = try Self.table(.all).showing([.accuracy])
    #expect(
      TableFormat.text.text(of: table) == """
        copy                      ACC  published ACC
        badnets before  61.50 ± 0.71%         91.64%
        badnets after   61.50 ± 0.71%         92.83%
        blend before    61.50 ± 0.71%              –
        blend after     61.50 ± 0.71%              –
        average                61.50%              –

        """)
    #expect(
      TableFormat.csv.text(of: table).hasPrefix(
        """
        copy,ACC (%),ACC deviation (%),ACC count,published ACC (%)\r
        badnets before,61.50,0.71,2,91.64\r
        badnets after,61.50,0.71,2,92.83\r
        blend before,61.50,0.71,2,\r

        """))
    #expect(TableFormat.csv.text(of: table).hasSuffix("\r\naverage,61.50,,,\r\n"))
    let markdown = TableFormat.markdown.text(of: try Self.table(.first).showing([.accuracy]))
    #expect(
      markdown.hasPrefix(
        """
        | attack | before ACC (%) | before published ACC (%) | after ACC (%) | after published ACC (%) |
        | --- | ---: | ---: | ---: | ---: |
        | badnets | 61.50 ± 0.71 | 91.64 | 61.50 ± 0.71 | 92.83 |
        | blend | 61.50 ± 0.71 | – | 61.50 ± 0.71 | – |
        """))
    let latex = TableFormat.latex.text(of: try Self.table(.first).showing([.accuracy]))
    #expect(latex.contains("\\begin{tabular}{lrrrr}\n"))
    #expect(latex.contains(" & \\multicolumn{2}{c}{before} & \\multicolumn{2}{c}{after} \\\\\n"))
    #expect(latex.contains("attack & ACC (\\%) & published ACC (\\%) & ACC (\\%) & published ACC (\\%) \\\\\n"))
    #expect(latex.contains("blend & $61.50 \\pm 0.71$ & -- & $61.50 \\pm 0.71$ & -- \\\\\n"))
  }

  @Test(arguments: [
    ("", 1, 1, "nothing in it"),
    ("# only a comment\n", 1, 1, "nothing in it"),
    ("attack stage ASR\n", 1, 14, "no column 'ASR'; a column is what the measured copies differ in (attack, stage)"),
    ("attack stage seed test_accuracy\n", 1, 14, "no column 'seed'"),
    ("attack test_accuracy  attack\n", 1, 23, "'attack' is there twice"),
    ("\nattack stage\n", 2, 1, "no column is a metric"),
    ("attack test_accuracy\nblend\n", 2, 1, "1 words under 2 columns; write '-'"),
    ("attack test_accuracy\nblend 1 2 3\n", 2, 9, "4 words under 2 columns"),
    ("attack test_accuracy\nblend  91,6\n", 2, 8, "'91,6' is not a number"),
    ("attack test_accuracy\nblend nan\n", 2, 7, "'nan' is not a number"),
    ("attack test_accuracy\nblend 100.01\n", 2, 7, "'100.01' is not a share in percent; it goes from 0 to 100"),
    ("attack test_accuracy\nblend -1\n", 2, 7, "'-1' is not a share"),
    ("attack named_count\nblend -1\n", 2, 7, "'-1' is below 0"),
    ("attack test_accuracy\nblend 1\n\nblend 2\n", 4, 1, "line 2 has values for the same place"),
  ]) func errors(_ text: String, line: Int, column: Int, message: String) throws {
    let error = try #require(throws: PublishedValuesError.self) {
      _ = try PublishedValues(text, variables: ["attack"])
    }
    #expect(error.line == line && error.column == column)
    #expect("\(error)".hasPrefix("\(line):\(column): ") && "\(error)".contains(message), "\(error)")
  }

  /// The shipped figures against the averages that the paper prints below them: 0.01 is its own rounding.
  @Test(arguments: [
    ("table-1", "Baseline1", "test_accuracy", 84.65, 45.75), ("table-1", "Baseline2", "test_accuracy", 93.43, 93.73),
    ("table-1", "DBD", "test_accuracy", 93.53, 96.40), ("table-1", "D-ST", "test_accuracy", 91.66, 1.21),
    ("table-2", "Backdoored", "test_accuracy_without_target", 92.46, 97.29),
    ("table-2", "FT", "test_accuracy_without_target", 90.05, 77.41),
    ("table-2", "ANP", "test_accuracy_without_target", 84.91, 14.30),
    ("table-2", "NAD", "test_accuracy_without_target", 83.69, 16.93),
    ("table-2", "MCR", "test_accuracy_without_target", 92.92, 30.05),
    ("table-2", "ABL", "test_accuracy_without_target", 80.21, 25.75),
    ("table-2", "D-BR", "test_accuracy_without_target", 92.42, 0.31),
  ]) func averagesAreThePapers(
    _ name: String, stage: String, metric: String, accuracy: Double, success: Double
  ) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "pipelines/paper/published/\(name).txt")
    let published = try PublishedValues(String(contentsOf: file, encoding: .utf8), variables: ["attack"])
    let attacks = ["badnets-all2one", "badnets-all2all", "trojan", "blend-strip", "blend-kitty", "sig", "cl"]
    for (metric, expected) in [(metric, accuracy), ("attack_success_rate", success)] {
      let metric = try #require(MetricDeclaration.named(metric))
      let values = attacks.compactMap { published.values(of: Self.entry(stage, $0))[metric] }
      #expect(values.count == attacks.count)
      #expect(abs(100 * values.reduce(0, +) / Double(values.count) - expected) < 0.0151)
    }
  }
}
