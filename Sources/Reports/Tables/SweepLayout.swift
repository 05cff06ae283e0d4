/// What goes down the page in the table of a sweep; the rest goes across.
package enum SweepLayout: String, CaseIterable, Hashable, Sendable {
  /// The first, or the last, of the swept variables.
  case first, last
  /// The stages that were copied.
  case stage
  /// Everything; nothing goes across.
  case all

  /// The variable over whose values means are taken.
  package static let averagedVariable = "seed"
}

extension ResultTable {
  /// The copies of a sweep in rows and columns. Those that differ in the seed alone share a cell.
  ///
  /// - Parameter published: What others have published; a line of it belongs to all copies that have its values.
  /// - Returns: a table with all metrics that were measured, in the order of their declarations.
  package init(
    of entries: [SweepEntry], layout: SweepLayout, hasAverage: Bool, published: PublishedValues? = nil
  ) {
    let variables = entries.variables
    let hasStages = Set(entries.map(\.stage)).count > 1
    let rowVariable: String? =
      switch layout {
      case .first: variables.first
      case .last: variables.last
      case .stage, .all: nil
      }
    func values(_ entry: SweepEntry, without variable: String? = nil) -> [String] {
      entry.choices.filter { $0.variable != variable && $0.variable != SweepLayout.averagedVariable }
        .map(\.value)
    }
    /// Where a copy belongs.
    func place(_ entry: SweepEntry) -> (row: String, group: String) {
      let stage = hasStages ? [entry.stage] : []
      if let rowVariable {
        let value = entry.choices.first { $0.variable == rowVariable }?.value
        return (
          value ?? NumberFormat.missing,
          (values(entry, without: rowVariable) + stage).joined(separator: " ")
        )
      }
      if layout == .all, !variables.isEmpty {
        return ((values(entry) + stage).joined(separator: " "), "")
      }
      return (entry.stage, values(entry).joined(separator: " "))
    }

    var measured: [String: [String: [MetricDeclaration: [Double]]]] = [:]
    for entry in entries {
      let place = place(entry)
      for value in entry.values {
        measured[place.row, default: [:]][place.group, default: [:]][value.metric, default: []]
          .append(value.value)
      }
    }
    var publishedValues: [String: [String: [MetricDeclaration: Double]]] = [:]
    if let published {
      for entry in entries {
        let place = place(entry)
        publishedValues[place.row, default: [:]][place.group, default: [:]]
          .merge(published.values(of: entry)) { first, _ in first }
      }
    }
    let rows = Self.distinct(entries.map { place($0).row })
    let groups = Self.distinct(entries.map { place($0).group })
    let found = Set(entries.flatMap { $0.values.map(\.metric) })
    self.init(
      rowTitle: rowVariable ?? (layout == .all && !variables.isEmpty ? "copy" : "stage"), rows: rows,
      groups: groups, metrics: MetricDeclaration.all.filter(found.contains), hasAverage: hasAverage
    ) { row, group, metric in
      ResultCell(measured[rows[row]]?[groups[group]]?[metric] ?? [])
    } published: { row, group, metric in
      publishedValues[rows[row]]?[groups[group]]?[metric]
    }
  }

  static func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
