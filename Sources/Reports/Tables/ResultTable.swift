/// Measured values in rows and columns: a column for each metric, or for each metric of each group.
package struct ResultTable: Hashable, Sendable {
  /// A metric of a group: what was measured, or what others have published, which stands right behind it.
  package struct Column: Hashable, Sendable {
    package let group: String
    package let metric: MetricDeclaration
    package let isPublished: Bool

    /// The name above the column.
    var heading: String { isPublished ? "published \(metric.heading)" : metric.heading }
    /// The same for cells without signs: "published ACC (%)".
    var headingWithSign: String { isPublished ? "published \(metric.headingWithSign)" : metric.headingWithSign }
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
  /// What others have published, likewise.
  private let published: [Double?]

  /// - Parameters:
  ///   - cell: the cell of a row, a group and a metric; `nil` where nothing was measured.
  ///   - published: what others have published of it, `nil` for nothing.
  package init(
    rowTitle: String, rows: [String], groups: [String] = [""], metrics: [MetricDeclaration],
    hasAverage: Bool = false,
    cell: (_ row: Int, _ group: Int, _ metric: MetricDeclaration) throws -> ResultCell?,
    published: (_ row: Int, _ group: Int, _ metric: MetricDeclaration) -> Double? = { _, _, _ in nil }
  ) rethrows {
    self.rowTitle = rowTitle
    self.rows = rows
    self.groups = groups
    self.metrics = metrics
    self.hasAverage = hasAverage && rows.count > 1
    cells = try rows.indices.flatMap { row in
      try groups.indices.flatMap { group in try metrics.map { try cell(row, group, $0) } }
    }
    self.published = rows.indices.flatMap { row in
      groups.indices.flatMap { group in metrics.map { published(row, group, $0) } }
    }
  }

  /// The columns that are shown: those in which there is anything.
  package var columns: [Column] {
    shown.map { Column(group: groups[$0.group], metric: metrics[$0.metric], isPublished: $0.isPublished) }
  }

  private struct Place {
    let group: Int
    let metric: Int
    let isPublished: Bool
  }

  private var shown: [Place] {
    groups.indices.flatMap { group in
      metrics.indices.flatMap { metric in
        [false, true].map { Place(group: group, metric: metric, isPublished: $0) }
      }
    }.filter { place in rows.indices.contains { cell($0, place) != nil } }
  }

  private func index(_ row: Int, _ group: Int, _ metric: Int) -> Int {
    (row * groups.count + group) * metrics.count + metric
  }

  private func cell(_ row: Int, _ group: Int, _ metric: Int) -> ResultCell? { cells[index(row, group, metric)] }

  /// What a column shows in a row; something published is like a single value.
  private func cell(_ row: Int, _ place: Place) -> ResultCell? {
    let index = index(row, place.group, place.metric)
    return place.isPublished ? published[index].map(ResultCell.init) : cells[index]
  }

  /// All cells of a metric, shown or not, `[rows, groups]`.
  package func cells(of metric: MetricDeclaration) -> [ResultCell?] {
    guard let index = metrics.firstIndex(of: metric) else { return [] }
    return rows.indices.flatMap { row in groups.indices.map { cell(row, $0, index) } }
  }

  /// What was published of a metric, `[rows, groups]`.
  package func publishedValues(of metric: MetricDeclaration) -> [Double?] {
    guard let metric = metrics.firstIndex(of: metric) else { return [] }
    return rows.indices.flatMap { row in groups.indices.map { published[index(row, $0, metric)] } }
  }

  /// The metrics of which anything was published.
  package var publishedMetrics: [MetricDeclaration] {
    metrics.filter { publishedValues(of: $0).contains { $0 != nil } }
  }

  /// The cells of a row, one for each of `columns`.
  func line(_ row: Int) -> [ResultCell?] { shown.map { cell(row, $0) } }

  /// The mean of each column's means, `nil` for those in which one is missing.
  package var averages: [Double?] {
    shown.map { place in
      let means = rows.indices.compactMap { cell($0, place)?.mean }
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
    } published: { row, group, metric in
      self.metrics.firstIndex(of: metric).flatMap { self.published[index(row, group, $0)] }
    }
  }
}
