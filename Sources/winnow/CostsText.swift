import Foundation
import Pipelines
import Reports

/// What stages took, as `costs` prints it.
struct CostsText {
  let stages: [PipelineCosts.Stage]

  init(_ costs: PipelineCosts) { stages = costs.stages }

  private static let header = ["stage", "kind", "copies", "time", "in all", "memory", "threads"]

  var text: String {
    let rows = stages.map { stage in
      [
        stage.name, stage.kind, copies(of: stage),
        time(stage.seconds, isPartial: stage.isPartial), time(stage.secondsInAll, isPartial: stage.isPartialInAll),
        stage.peakMemory.map(NumberFormat.size) ?? NumberFormat.missing,
        threads(of: stage) ?? NumberFormat.missing,
      ]
    }
    return AlignedText.lines([Self.header] + rows, sides: [.left, .left, .right]).joined(separator: "\n")
  }

  private func time(_ seconds: Double?, isPartial: Bool) -> String {
    seconds.map { (isPartial ? "over " : "") + NumberFormat.duration($0) } ?? NumberFormat.missing
  }

  private func copies(of stage: PipelineCosts.Stage) -> String {
    stage.built == stage.copies ? "\(stage.copies)" : "\(stage.built) of \(stage.copies)"
  }

  private func threads(of stage: PipelineCosts.Stage) -> String? {
    stage.threads.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
  }

  var csv: String {
    CSVText.text(
      [["stage", "kind", "copies", "built", "seconds", "seconds in all", "memory (bytes)", "threads", "partial", "partial in all"]]
        + stages.map { stage in
          [
            stage.name, stage.kind, "\(stage.copies)", "\(stage.built)", stage.seconds.map { "\($0)" } ?? "",
            stage.secondsInAll.map { "\($0)" } ?? "", stage.peakMemory.map { "\($0)" } ?? "",
            threads(of: stage) ?? "", stage.isPartial ? "yes" : "no", stage.isPartialInAll ? "yes" : "no",
          ]
        })
  }

  /// - Throws: `EncodingError`.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let report = stages.map { stage in
      CostReport(
        name: stage.name, kind: stage.kind, copies: stage.copies, built: stage.built, seconds: stage.seconds,
        seconds_in_all: stage.secondsInAll, memory: stage.peakMemory, least_threads: stage.threads?.lowerBound,
        most_threads: stage.threads?.upperBound, partial: stage.isPartial,
        partial_in_all: stage.isPartialInAll)
    }
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }
}

/// A line of what `winnow costs --json` prints: times in seconds, memory in bytes. What is not known is left out.
private struct CostReport: Encodable {
  let name: String
  let kind: String
  let copies: Int
  let built: Int
  let seconds: Double?
  let seconds_in_all: Double?
  let memory: Int64?
  let least_threads: Int?
  let most_threads: Int?
  let partial: Bool
  let partial_in_all: Bool
}
