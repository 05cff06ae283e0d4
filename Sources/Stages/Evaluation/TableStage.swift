import HDF5
import Pipelines
import Reports

/// Puts what was measured in the copies of a sweep into one table, as papers print them.
///
/// One swept variable goes down the page, the others go across; or everything goes down. Over a variable
/// called `seed` the values are averaged. What others have published can stand beside them, see `PublishedValues`.
///
/// Output: see `TableArtifact`.
enum TableStage: Stage {
  static let evaluations = InputDeclaration(
    "evaluations", .evaluation, .detection, count: .many,
    "The copies: `evaluations <- evaluation[*]`.")
  static let rows = Parameter<SweepLayout>.choice(
    "rows", default: .first, "What goes down the page.")
  static let metrics = Parameter<Shown>.choice("metrics", default: .full, "What is shown.")
  static let average = Parameter.flag(
    "average", default: true, "Whether the last row is the mean of the others.")
  static let published = Parameter<String?>.optionalPath(
    "published", absent: "nothing stands beside what was measured",
    "A text with published values, a line for each place in the table: see pipelines/paper/published.")

  static let declaration = StageDeclaration(
    kind: "table", version: 3, summary: "Puts the evaluations of a sweep into one table.",
    inputs: [evaluations],
    parameters: [rows.declaration, metrics.declaration, average.declaration, published.declaration],
    output: .table)

  static func run(_ context: StageContext) throws {
    let entries = try context.openAll(evaluations).map { input in
      SweepEntry(
        stage: input.baseName,
        choices: input.choices.map { SweepEntry.Choice($0.variable, $0.value) },
        values: try input.file.root.readMetrics())
    }
    let publishedValues = try context[published].map {
      try PublishedValues(at: context.path($0), variables: entries.variables)
    }
    let table = ResultTable(
      of: entries, layout: context[rows], hasAverage: context[average], published: publishedValues)
    let shown = context[metrics].metrics(of: table)
    try TableArtifact.write(table, shown: shown, to: context.output.root)
    let short = table.showing(shown)
    TextTable(short).lines.forEach(context.note)
    if let seeds = short.countRange, seeds.upperBound > 1 {
      context.note(
        "means ± sample standard deviations over '\(SweepLayout.averagedVariable)', \(text(seeds)) each")
    }
    if let publishedValues {
      let (used, all) = (publishedValues.count(for: entries), publishedValues.count)
      let note = "\(used) of the \(all) lines of published values are for what was measured here"
      if used > 0 { context.note(note) } else { context.warn(note) }
    }
  }

  /// "3", "2 to 3".
  private static func text(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
  }

  enum Shown: String, ParameterWord {
    case full, published

    var summary: String {
      switch self {
      case .full: "every metric, recall beside precision, the floor beside ASR"
      case .published:
        """
        what papers print: ACC and ASR of models, the precision of both sets of a split; and what there are \
        published values of
        """
      }
    }

    func metrics(of table: ResultTable) -> [MetricDeclaration] {
      switch self {
      case .full: table.metrics
      case .published:
        table.metrics.filter {
          [.accuracy, .attackSuccess, .cleanPrecision, .poisonedPrecision].contains($0)
            || table.publishedMetrics.contains($0)
        }
      }
    }
  }
}

extension SweepLayout: ParameterWord {
  package var summary: String {
    switch self {
    case .first: "the first swept variable of the manifest"
    case .last: "the last one"
    case .stage: "the stages that evaluate, swept variables go across"
    case .all: "every copy, of whatever stage"
    }
  }
}
