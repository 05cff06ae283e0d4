/// Where a training stands, beyond the network's own tensors: everything that a checkpoint needs.
public struct TrainingState: Hashable, Sendable, Codable {
  /// The epoch, the pass in it and the step in that which come next, each from 0.
  public var epoch = 0
  public var pass = 0
  public var step = 0
  /// What was measured in the current epoch, by pass, part and measure.
  public var sums: [[[Measure]]] = []
  public var history = TrainingHistory()

  public init() {}
}

/// A table with a row for each epoch.
public struct TrainingHistory: Hashable, Sendable, Codable {
  public struct Column: Hashable, Sendable, Codable {
    public let name: String
    public var values: [Double]
  }

  public private(set) var columns: [Column] = []

  public init() {}

  public init(columns: [(name: String, values: [Double])]) {
    self.columns = columns.map { Column(name: $0.name, values: $0.values) }
  }

  public var rowCount: Int { columns.first?.values.count ?? 0 }

  public subscript(name: String) -> [Double]? { columns.first { $0.name == name }?.values }

  /// Adds a row. Every row has the columns of the first.
  public mutating func append(_ row: [(name: String, value: Double)]) {
    if columns.isEmpty { columns = row.map { Column(name: $0.name, values: []) } }
    precondition(row.map(\.name) == columns.map(\.name), "every row has the same columns")
    for index in columns.indices { columns[index].values.append(row[index].value) }
  }
}
