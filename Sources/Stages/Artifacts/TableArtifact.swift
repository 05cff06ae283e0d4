import HDF5
import Reports

/// A table of metrics in an artifact.
///
///     /rows             text [rows]      names of the rows; what they are is in the attribute title
///     /columns          text [columns]   what the columns are of; one without a name where each metric has
///                                        but one
///     /metrics/NAME     float64 [rows, columns]   means; -1 where there is none
///     /deviations/NAME  float64 [rows, columns]   sample standard deviations; -1 for fewer than two values
///     /counts/NAME      int64 [rows, columns]     over how many values the means go
///     /published/NAME   float64 [rows, columns]   what others have published; -1 where there is nothing; only of
///                                                 metrics of which anything was
///     /text, /csv, /markdown, /latex              the metrics that are shown, in each format
enum TableArtifact {
  /// - Parameter shown: the metrics that the texts have.
  static func write(_ table: ResultTable, shown: [MetricDeclaration], to root: HDF5.Group) throws {
    try root.write(table.rows, to: "rows", attributes: ["title": .string(table.rowTitle)])
    try root.write(table.groups, to: "columns")
    let means = try root.createGroup("metrics", attributes: ["axes": "row, column"])
    let deviations = try root.createGroup("deviations", attributes: ["axes": "row, column"])
    let counts = try root.createGroup("counts", attributes: ["axes": "row, column"])
    let shape = [table.rows.count, table.groups.count]
    for metric in table.metrics {
      let (cells, about) = (table.cells(of: metric), metric.attributes)
      // Artifacts hold no NaN.
      try means.write(
        cells.map { $0?.mean ?? -1 }, shape: shape, to: metric.name,
        attributes: about.merging(["meaning": "means; -1 where there is none"]) { $1 })
      try deviations.write(
        cells.map { $0?.deviation ?? -1 }, shape: shape, to: metric.name,
        attributes: [
          "unit": .string(metric.unit.name),
          "meaning": "sample standard deviations; -1 for fewer than two values",
        ])
      try counts.write(
        cells.map { $0?.count ?? 0 }, shape: shape, to: metric.name,
        attributes: ["meaning": "over how many values the means go"])
    }
    if !table.publishedMetrics.isEmpty {
      let published = try root.createGroup("published", attributes: ["axes": "row, column"])
      for metric in table.publishedMetrics {
        try published.write(
          table.publishedValues(of: metric).map { $0 ?? -1 }, shape: shape, to: metric.name,
          attributes: [
            "unit": .string(metric.unit.name),
            "meaning": "what others have published; -1 where there is nothing",
          ])
      }
    }
    let short = table.showing(shown)
    for format in TableFormat.allCases { try root.write(format.text(of: short), to: format.rawValue) }
  }
}
