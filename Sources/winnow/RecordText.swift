import Foundation
import Pipelines
import Reports
import SystemPackage

/// How an artifact was made, as `show` prints it.
struct RecordText {
  let record: ArtifactRecord
  let link: FilePath
  let file: FilePath
  let condition: ArtifactCondition

  var text: String {
    let sections = [
      AlignedText.lines(facts),
      section("parameters", record.parameters.map { "\($0.name) = \($0.value)" }),
      section("outside files", record.outside.map { "\($0.parameter) = \($0.path)  \($0.digest.short)" }),
      section("inputs", record.inputs.map { "\($0.name) <- \($0.stage)  \($0.content.short)" }),
      section("notes", record.notes.map { String(NoteText.line($0).dropFirst(2)) }),
    ]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private var facts: [[String]] {
    var facts = [
      ["name", link.string],
      ["file", file.string],
      ["state", state],
      ["size", NumberFormat.size(record.size)],
      ["kind", "\(record.kind), version \(record.version)"],
      ["content", record.contentDigest.text],
      ["built", "\(record.startedAt.formatted(.iso8601)) by winnow \(record.programVersion), as '\(record.stage)' of "
        + "\(record.manifest)"],
      ["took", NumberFormat.duration(record.wallSeconds) + expectation],
    ]
    if let processor = record.processor { facts.append(["processor", processor]) }
    if let peak = record.peakMemory { facts.append(["memory", "\(NumberFormat.size(peak)) at most"]) }
    return facts
  }

  private var expectation: String {
    guard let cost = record.cost else { return "" }
    let threads = cost.threads == 1 ? " with 1 thread" : " with \(cost.threads) threads"
    if cost.isPartial { return threads + ", for a part of the work alone" }
    return threads + (cost.estimatedSeconds.map { ", estimated \(NumberFormat.duration($0))" } ?? "")
  }

  private var state: String {
    switch condition {
    case .whole: "intact"
    case .missing: "missing: 'winnow run' builds it again"
    case .damaged: "damaged: 'winnow run' builds it again"
    }
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [title] + lines.map { "  \($0)" }
  }
}
