// MARK: - In figures

extension ReportPage {
  /// More classes than this make no figure, and the table has those alone that have suspects.
  static let mostClasses = 40

  var classFigure: Markup? {
    let classes = contents.classes
    guard classes.count <= Self.mostClasses, classes.contains(where: { $0.poisoned > 0 }) else { return nil }
    let named = classes.map { Double($0.poisoned) }
    return PageFigure.markup(
      BarChart(
        label: "Samples named poisoned, by given class", nameTitle: "class", valueTitle: "samples named poisoned",
        names: classes.map(\.name), parts: [BarChart.Part("", .blue, named)]),
      caption: "Samples named poisoned, by their given class.", name: "classes")
  }

  var scores: [Markup] {
    guard let scores = contents.scores else { return [] }
    let groups: [Histogram.Group]
    if let isPoisoned = contents.isPoisoned, isPoisoned.count == scores.values.count {
      func values(_ wanted: Bool) -> [Double] {
        zip(scores.values, isPoisoned).filter { $1 == wanted }.map(\.0)
      }
      groups = [
        Histogram.Group("clean", .green, values(false)), Histogram.Group("poisoned", .red, values(true)),
      ].filter { !$0.values.isEmpty }
    } else {
      groups = [Histogram.Group("", .grey, scores.values)]
    }
    let truth = groups.count > 1 ? "; which are poisoned is known from the experiment" : ""
    return [
      .tag(
        "div", ["class": "figures"],
        [
          PageFigure.markup(
            Histogram.plot(
              label: "Histogram of the scores of \(scores.values.count) samples", valueTitle: scores.title,
              groups: groups, thresholds: scores.thresholds),
            caption: "How many samples have which score; the counts on a logarithmic scale\(truth).", name: "scores")
        ])
    ]
  }

  var receiverFigure: Markup? {
    guard contents.receiverCurve.count > 1 else { return nil }
    func percent(_ points: [ChartPoint]) -> [ChartPoint] { points.map { ChartPoint(100 * $0.x, 100 * $0.y) } }
    let chance = [ChartPoint(0, 0), ChartPoint(1, 1)]
    return PageFigure.markup(
      LineChart.plot(
        label: "Receiver operating characteristic of the scores", xTitle: "clean samples above the threshold (%)",
        yTitle: "poisoned above it (%)", x: [0, 100], y: [0, 100],
        curves: [
          LineChart.Curve("scores", percent(contents.receiverCurve)),
          LineChart.Curve("chance", percent(chance), colour: .grey, isDashed: true),
        ]),
      caption: "Receiver operating characteristic: what part of the poisoned samples a threshold finds, and at the "
        + "cost of how many clean ones.", name: "roc")
  }

  var histories: [Markup] {
    let figures = contents.histories.flatMap { history in
      [
        (MetricUnit.share, "shares", "shares (%)"), (.number, "losses", "loss"),
      ].compactMap { unit, name, title in figure(history, of: unit, name: name, title: title) }
    }
    return figures.isEmpty ? [] : [.tag("div", ["class": "figures"], figures)]
  }

  private func figure(
    _ history: ReportContents.History, of unit: MetricUnit, name: String, title: String
  ) -> Markup? {
    let factor: Double = unit == .share ? 100 : 1
    // Learning rates, of which neither more nor less is better, are no losses.
    let columns = history.columns.filter {
      $0.metric.unit == unit && (unit == .share || $0.metric.better != .neither)
    }
    guard !columns.isEmpty, columns.contains(where: { $0.values.count > 1 }) else { return nil }
    let titles = columns.map(\.metric.title).joined(separator: ", ")
    return PageFigure.markup(
      LineChart.plot(
        label: "\(history.stage): \(titles) by \(history.step)", xTitle: history.step,
        yTitle: columns.count == 1 ? columns[0].metric.headingWithSign : title,
        y: unit == .share ? [0, 100] : [0],
        curves: columns.enumerated().map { index, column in
          LineChart.Curve(
            column.metric.title,
            column.values.enumerated().map { ChartPoint(Double($0 + 1), factor * $1) },
            isDashed: index % 2 == 1)
        }),
      caption: "\(history.stage): \(titles), by \(history.step).", name: "\(history.stage)-\(name)")
  }

  /// More stages than this make no figure: the table has them.
  private static let mostStages = 80

  var pipeline: [Markup] {
    let stages = contents.stages
    guard !stages.isEmpty else { return [] }
    let total = stages.compactMap(\.seconds).reduce(0, +)
    let table = PageTable.markup(
      caption: "Stages, in the order in which they run; \(NumberFormat.duration(total)) in all",
      header: ["stage", "kind", "reads", "time", "memory", "file"],
      rows: stages.map { stage in
        [
          stage.name, stage.kind, stage.inputs.joined(separator: ", "),
          stage.seconds.map(NumberFormat.duration) ?? NumberFormat.missing,
          stage.peakMemory.map(NumberFormat.size) ?? NumberFormat.missing,
          stage.size.map(NumberFormat.size) ?? NumberFormat.missing,
        ]
      }, words: [1, 2])
    guard stages.count <= Self.mostStages else { return [table] }
    let places = Dictionary(
      stages.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let chart = DependencyChart(
      label: "The stages of the pipeline, what they read from each other, and how long each took",
      rows: stages.map { stage in
        DependencyChart.Row(
          name: stage.name, needs: stage.inputs.compactMap { places[$0] }, amount: stage.seconds,
          amountText: stage.seconds.map(NumberFormat.duration) ?? "")
      })
    let numbers = ChartNumbers(
      header: ["stage", "kind", "reads", "seconds", "peak memory (bytes)", "file (bytes)"],
      rows: stages.map { stage in
        [
          stage.name, stage.kind, stage.inputs.joined(separator: " "),
          stage.seconds.map(ChartNumbers.text) ?? "", stage.peakMemory.map { "\($0)" } ?? "",
          stage.size.map { "\($0)" } ?? "",
        ]
      })
    return [
      PageFigure.markup(
        chart.svg, caption: "What reads from what, and how long each stage took.", numbers: numbers, name: "stages"),
      table,
    ]
  }
}
