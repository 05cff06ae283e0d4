/// What was measured of a metric.
package struct MetricValue: Hashable, Sendable {
  package let metric: MetricDeclaration
  package let value: Double

  package init(_ metric: MetricDeclaration, _ value: Double) {
    self.metric = metric
    self.value = value
  }

  /// Of what may not be there to be measured.
  package init?(_ metric: MetricDeclaration, _ value: Double?) {
    guard let value else { return nil }
    self.init(metric, value)
  }

  /// "ACC 97.31%".
  package var text: String { "\(metric.title) \(metric.unit.text(value))" }
}

extension [MetricValue] {
  package subscript(_ metric: MetricDeclaration) -> Double? { first { $0.metric == metric }?.value }

  /// "ACC 97.31%, ASR 0.42%".
  package var text: String { map(\.text).joined(separator: ", ") }

  /// The same, one under the other.
  package var lines: [String] {
    AlignedText.lines(
      map { [$0.metric.title, $0.metric.unit.text($0.value)] }, sides: [.left, .right])
  }

  /// What was measured of several things, a column for each and a line for each metric that any of them has.
  package static func lines(sideBySide measured: [(name: String, values: [MetricValue])]) -> [String] {
    let metrics = MetricDeclaration.all.filter { metric in
      measured.contains { $0.values[metric] != nil }
    }
    let rows = metrics.map { metric in
      [metric.title] + measured.map { $0.values[metric].map(metric.unit.text) ?? "" }
    }
    return AlignedText.lines([[""] + measured.map(\.name)] + rows, sides: [.left, .right])
  }
}
