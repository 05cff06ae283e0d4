import Pipelines

/// A plan as `status` and dry runs print it.
struct PlanText {
  let plan: RunPlan
  let store: ArtifactStore

  /// A line for each stage: its state, its name, and why it must run.
  var text: String {
    Formatting.table(plan.stages.map { [word(for: $0.state), $0.name, explanation(of: $0)] })
      .joined(separator: "\n")
  }

  private func word(for state: PlannedStage.State) -> String {
    switch state {
    case .fresh: "fresh"
    case .stale: "stale"
    case .undecided: "maybe"
    }
  }

  private func explanation(of stage: PlannedStage) -> String {
    let reasons = stage.reasons.map(\.description)
    let checkpoint = stage.checkpoint.map { ["interrupted at \($0.label)"] } ?? []
    return (reasons + checkpoint).joined(separator: "; ")
  }

  var json: JSONText {
    .object([
      ("pipeline", .string(plan.pipeline)),
      ("fresh", .flag(plan.isFresh)),
      ("stages", .array(plan.stages.map(json))),
    ])
  }

  private func json(_ stage: PlannedStage) -> JSONText {
    .object([
      ("name", .string(stage.name)),
      ("state", .string(stage.state.rawValue)),
      ("reasons", .array(stage.reasons.map { .string($0.description) })),
      ("checkpoint", stage.checkpoint.map { .string($0.label) } ?? .null),
      ("artifact", .string(store.link(pipeline: plan.pipeline, stage: stage.name).string)),
      ("sha256", stage.record.map { .string($0.fileHash.text) } ?? .null),
      ("bytes", stage.record.map { .integer($0.size) } ?? .null),
    ])
  }
}
