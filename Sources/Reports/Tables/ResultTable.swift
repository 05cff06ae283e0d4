/// Measured values in rows and columns: a column for each metric, or for each metric of each group.
package struct ResultTable: Hashable, Sendable {
  /// A metric of a group.
  package struct Column: Hashable, Sendable {
    package let group: String
    package let metric: MetricDeclaration
  }

  /// What the names of the rows are: "model", "lambda".
  package let rowTitle: String
  package let rows: [String]
  /// What the columns are of; one without a name where the metrics alone tell them apart.
  package let groups: [String]
  package let metrics: [MetricDeclaration]
  /// Whether the means of the rows are shown below them.
  package let hasAverage: Bool
  /// `[rows, groups, metrics]`.
  private let cells: [ResultCell?]

  /// - Parameter cell: the cell of a row, a group and a metric; `nil` where nothing was measured.
  package init(
    rowTitle: String, rows: [String], groups: [String] = [""], metrics: [MetricDeclaration],
    hasAverage: Bool = false,
    cell: (_ row: Int, _ group: Int, _ metric: MetricDeclaration) throws -> ResultCell?
  ) rethrows {
    self.rowTitle = rowTitle
    self.rows = rows
    self.groups = groups
    self.metrics = metrics
    self.hasAverage = hasAverage && rows.count > 1
    cells = try rows.indices.flatMap { row in
      try groups.indices.flatMap { group in try metrics.map { try cell(row, group, $0) } }
    }
  }

  /// The columns that are shown: those in which there is anything.
  package var columns: [Column] { shown.map { Column(group: groups[$0.group], metric: metrics[$0.metric]) } }

  private var shown: [(group: Int, metric: Int)] {
    groups.indices.flatMap { group in metrics.indices.map { (group, $0) } }
      .filter { place in rows.indices.contains { cell($0, place.group, place.metric) != nil } }
  }

  private func cell(_ row: Int, _ group: Int, _ metric: Int) -> ResultCell? {
    cells[(row * groups.count + group) * metrics.count + metric]
  }

  /// All cells of a metric, shown or not, `[rows, groups]`.
  package func cells(of metric: MetricDeclaration) -> [ResultCell?] {
    guard let index = metrics.firstIndex(of: metric) else { return [] }
    return rows.indices.flatMap { row in groups.indices.map { cell(row, $0, index) } }
  }

  /// The cells of a row, one for each of `columns`.
  func line(_ row: Int) -> [ResultCell?] { shown.map { cell(row, $0.group, $0.metric) } }

  /// The mean of each column's means, `nil` for those in which one is missing.
  package var averages: [Double?] {
    shown.map { place in
      let means = rows.indices.compactMap { cell($0, place.group, place.metric)?.mean }
      return means.count == rows.count ? means.reduce(0, +) / Double(means.count) : nil
    }
  }

  /// The name of the row of averages.
  static let averageName = "average"

  /// Over how few and how many values the means go; `nil` in a table without values.
  package var countRange: ClosedRange<Int>? {
    let counts = cells.compactMap { $0?.count }
    guard let least = counts.min(), let most = counts.max() else { return nil }
    return least...most
  }

  /// The same table without metrics that were measured nowhere.
  package var withoutEmptyMetrics: ResultTable {
    showing(metrics.filter { cells(of: $0).contains { $0 != nil } })
  }

  /// The same table with some of its metrics.
  package func showing(_ metrics: [MetricDeclaration]) -> ResultTable {
    ResultTable(
      rowTitle: rowTitle, rows: rows, groups: groups, metrics: metrics, hasAverage: hasAverage
    ) { row, group, metric in
      self.metrics.firstIndex(of: metric).flatMap { cell(row, group, $0) }
    }
  }
}
