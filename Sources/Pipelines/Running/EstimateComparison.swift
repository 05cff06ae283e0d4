/// How far an estimate was off: what was expected of the stages that a run has built, and what they took.
package struct EstimateComparison: Sendable {
  package struct Stage: Sendable {
    package let name: String
    /// In seconds, with the threads that it had.
    package let estimated: Double
    package let measured: Double
  }

  /// Without stages of which nothing was expected, or that did a part of their work alone.
  package let stages: [Stage]

  /// `nil` where there is nothing to compare.
  init?(_ estimate: RunEstimate, _ records: [Int: ArtifactRecord]) {
    stages = estimate.stages.compactMap { stage in
      guard let record = records[stage.planned.index], let cost = record.cost, !cost.isPartial,
        let expected = stage.forecast.seconds(threads: cost.threads)
      else { return nil }
      return Stage(name: stage.planned.name, estimated: expected, measured: record.wallSeconds)
    }
    if stages.isEmpty { return nil }
  }

  package var estimated: Double { stages.reduce(0) { $0 + $1.estimated } }
  package var measured: Double { stages.reduce(0) { $0 + $1.measured } }

  /// How much more the stages took than expected, as a share of that; negative for less.
  package var error: Double { estimated > 0 ? measured / estimated - 1 : 0 }
}
