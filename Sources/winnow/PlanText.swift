import Foundation
import Pipelines
import Reports

/// A plan as `status` and dry runs print it.
struct PlanText {
  let plan: RunPlan
  let store: ArtifactStore

  /// A line for each stage: its state, its name, and why it must run.
  var text: String {
    AlignedText.lines(plan.stages.map { [word(for: $0.state), $0.name, explanation(of: $0)] })
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

  /// The same as JSON, with the artifacts' paths and hashes.
  ///
  /// - Throws: `EncodingError`.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let report = PlanReport(
      pipeline: plan.pipeline, fresh: plan.isFresh, stages: plan.stages.map(report))
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }

  private func report(_ stage: PlannedStage) -> PlanReport.Stage {
    PlanReport.Stage(
      name: stage.name,
      choices: stage.choices.isEmpty
        ? nil : Dictionary(stage.choices.map { ($0.variable, $0.value) }, uniquingKeysWith: { first, _ in first }),
      state: stage.state.rawValue, reasons: stage.reasons.map(\.description),
      checkpoint: stage.checkpoint?.label,
      artifact: store.link(pipeline: plan.pipeline, stage: stage.name).string,
      sha256: stage.record?.fileHash.text, bytes: stage.record?.size)
  }
}

/// What `winnow status --json` prints. What is not known is left out.
private struct PlanReport: Encodable {
  struct Stage: Encodable {
    let name: String
    /// Of a copy that `each` has made: its variables and their values.
    let choices: [String: String]?
    let state: String
    let reasons: [String]
    let checkpoint: String?
    let artifact: String
    let sha256: String?
    let bytes: Int64?
  }

  let pipeline: String
  let fresh: Bool
  let stages: [Stage]
}
