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
}
