import Foundation
import Pipelines
import Reports

/// What a run would take, as `plan` prints it.
struct EstimateText {
  let plan: RunPlan
  let estimate: RunEstimate
  /// The number of stages at once that is asked about.
  let jobs: Int

  var text: String {
    guard !estimate.stages.isEmpty else {
      return "nothing to do: \(plan.stages.count) stages are up to date"
    }
    let table = AlignedText.lines(
      estimate.stages.map { [word(for: $0), $0.planned.name, time(of: $0), memory(of: $0), basis(of: $0)] },
      sides: [.left, .left, .right, .right, .left])
    return (table + [""] + summary).joined(separator: "\n")
  }

  private func word(for stage: RunEstimate.Stage) -> String {
    stage.planned.state == .stale ? "stale" : "maybe"
  }

  private func time(of stage: RunEstimate.Stage) -> String {
    stage.seconds.map(NumberFormat.duration) ?? "unknown"
  }

  private func memory(of stage: RunEstimate.Stage) -> String {
    stage.forecast.memory.map { NumberFormat.size(Int64($0)) } ?? "unknown"
  }

  private func basis(of stage: RunEstimate.Stage) -> String {
    let basis = stage.seconds == nil ? "" : "by \(stage.forecast.basis)"
    let checkpoint = stage.planned.checkpoint.map { "less, since it goes on from \($0.label)" }
    return [basis, checkpoint ?? ""].filter { !$0.isEmpty }.joined(separator: "; ")
  }

  /// Whether the sums are those of the longest run that there may be.
  private var isUpperBound: Bool { estimate.stages.contains { $0.planned.state == .undecided } }

  private func about(_ seconds: Double) -> String {
    (isUpperBound ? "at most about " : "about ") + NumberFormat.wholeDuration(seconds)
  }

  private var summary: [String] {
    let (path, longest) = estimate.criticalPath
    let threads = estimate.threads == 1 ? "1 thread" : "\(estimate.threads) threads"
    var lines = [
      "\(estimate.stages.count) of \(plan.stages.count) stages to run: \(about(estimate.total)) "
        + "one after the other, with \(threads)",
      "longest chain: \(about(longest)): \(path.joined(separator: ", "))",
    ]
    if jobs > 1 {
      lines.append("with --jobs \(jobs) on this machine: \(about(estimate.seconds(jobs: jobs)))")
      lines.append(
        "with \(jobs) at once on machines like this one: \(about(estimate.seconds(machines: jobs)))")
    }
    if let largest = estimate.stages.compactMap(\.forecast.memory).max() {
      let limit = estimate.memoryLimit
      lines.append(
        "largest memory of a stage: \(NumberFormat.size(Int64(largest)))"
          + (limit.isFinite ? " of \(NumberFormat.size(Int64(limit)))" : ""))
    }
    if !estimate.unknown.isEmpty {
      lines.append("of unknown time, and in no sum: \(unknown.joined(separator: ", "))")
    }
    return lines
  }

  /// The stages of unknown time, the copies of one together.
  private var unknown: [String] {
    let stages = estimate.stages.filter { $0.seconds == nil }.map(\.planned)
    let copies = Dictionary(grouping: stages, by: \.baseName)
    return stages.compactMap { stage in
      guard let all = copies[stage.baseName], all.first?.name == stage.name else { return nil }
      return all.count == 1 ? stage.name : "\(stage.baseName)[*] (\(all.count) copies)"
    }
  }

  /// - Throws: `EncodingError`.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let (path, longest) = estimate.criticalPath
    let report = EstimateReport(
      pipeline: plan.pipeline, threads: estimate.threads,
      memory_limit: estimate.memoryLimit.isFinite ? estimate.memoryLimit : nil,
      stages: estimate.stages.map { stage in
        EstimateReport.Stage(
          name: stage.planned.name, state: stage.planned.state.rawValue,
          reasons: stage.planned.reasons.map(\.description), checkpoint: stage.planned.checkpoint?.label,
          seconds: stage.seconds, memory: stage.forecast.memory, basis: stage.forecast.basis.description,
          counted: stage.forecast.unit, amount: stage.forecast.amount)
      },
      up_to_date: plan.stages.count - estimate.stages.count, seconds: estimate.total,
      longest_chain: path, longest_chain_seconds: longest, unknown: estimate.unknown, jobs: jobs,
      seconds_with_jobs: estimate.seconds(jobs: jobs),
      seconds_with_machines: estimate.seconds(machines: jobs))
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }
}

/// What `winnow plan --json` prints: times in seconds, memory in bytes. What is not known is left out.
private struct EstimateReport: Encodable {
  struct Stage: Encodable {
    let name: String
    let state: String
    let reasons: [String]
    let checkpoint: String?
    let seconds: Double?
    let memory: Double?
    let basis: String
    let counted: String?
    let amount: Double?
  }

  let pipeline: String
  let threads: Int
  let memory_limit: Double?
  let stages: [Stage]
  let up_to_date: Int
  let seconds: Double
  let longest_chain: [String]
  let longest_chain_seconds: Double
  let unknown: [String]
  let jobs: Int
  let seconds_with_jobs: Double
  let seconds_with_machines: Double
}
