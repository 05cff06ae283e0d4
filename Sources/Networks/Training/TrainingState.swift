/// Where a training stands, beyond the network's own tensors: everything that a checkpoint needs.
package struct TrainingState: Hashable, Sendable, Codable {
  /// The epoch, the pass in it and the step in that which come next, each from 0.
  package var epoch = 0
  package var pass = 0
  package var step = 0
  /// What was measured in the current epoch, by pass, part and measure.
  package var sums: [[[Measure]]] = []
  package var history = TrainingHistory()

  package init() {}
}

/// A table with a row for each epoch.
package struct TrainingHistory: Hashable, Sendable, Codable {
  package struct Column: Hashable, Sendable, Codable {
    package let name: String
    package var values: [Double]
  }

  package private(set) var columns: [Column] = []

  package init() {}

  package init(columns: [(name: String, values: [Double])]) {
    self.columns = columns.map { Column(name: $0.name, values: $0.values) }
  }

  package var rowCount: Int { columns.first?.values.count ?? 0 }

  package subscript(name: String) -> [Double]? { columns.first { $0.name == name }?.values }

  /// Adds a row. Every row has the columns of the first.
  package mutating func append(_ row: [(name: String, value: Double)]) {
    if columns.isEmpty { columns = row.map { Column(name: $0.name, values: []) } }
    precondition(row.map(\.name) == columns.map(\.name), "every row has the same columns")
    for index in columns.indices { columns[index].values.append(row[index].value) }
  }
}
