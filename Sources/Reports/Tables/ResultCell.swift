/// What was measured of one metric under the same conditions: once, or several times.
package struct ResultCell: Hashable, Sendable {
  package let mean: Double
  /// The sample standard deviation; `nil` of a single value.
  package let deviation: Double?
  /// How many values there are.
  package let count: Int

  /// - Returns: `nil` for no values.
  package init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
  }

  /// A single value.
  package init(_ value: Double) {
    mean = value
    deviation = nil
    count = 1
  }
}
