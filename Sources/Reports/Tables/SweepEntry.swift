/// One of the stages that a sweep has copied, and what was measured there.
package struct SweepEntry: Hashable, Sendable {
  /// What a copy was made for.
  package struct Choice: Hashable, Sendable {
    package let variable: String
    package let value: String

    package init(_ variable: String, _ value: String) {
      self.variable = variable
      self.value = value
    }
  }

  /// The stage's name in the manifest, which all its copies share.
  package let stage: String
  /// In the manifest's order of the variables.
  package let choices: [Choice]
  package let values: [MetricValue]

  package init(stage: String, choices: [Choice], values: [MetricValue]) {
    self.stage = stage
    self.choices = choices
    self.values = values
  }
}

extension [SweepEntry] {
  /// The variables that copies differ in, but for that over which means are taken; in the manifest's order.
  package var variables: [String] {
    ResultTable.distinct(flatMap { $0.choices.map(\.variable) })
      .filter { $0 != SweepLayout.averagedVariable }
  }
}
