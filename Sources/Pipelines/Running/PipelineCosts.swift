/// What the stages of a pipeline took when their artifacts were built.
package struct PipelineCosts: Sendable {
  /// The copies of a stage that are up to date.
  package struct Stage: Hashable, Sendable {
    /// The name that the copies share.
    package let name: String
    package let kind: String
    /// How many copies there are, and how many of them are up to date.
    package let copies: Int
    package let built: Int
    /// The mean over those, in seconds; `nil` without any.
    package let seconds: Double?
    /// The mean of what a copy and all stages that it needs took one after the other; `nil` unless all of these are
    /// up to date, for any copy.
    package let secondsInAll: Double?
    /// The largest resident set of the program while a copy ran, in bytes.
    package let peakMemory: Int64?
    /// With how many threads the copies ran; `nil` where the records do not say.
    package let threads: ClosedRange<Int>?
    /// Whether the time of a copy is that of a part of its work, such as that since a checkpoint; and whether that of
    /// a copy or of a stage that it needs is.
    package let isPartial: Bool
    package let isPartialInAll: Bool
  }

  /// In the order of the pipeline.
  package let stages: [Stage]

  package init(of pipeline: Pipeline, _ plan: RunPlan) {
    var records: [String: ArtifactRecord] = [:]
    for stage in plan.stages { records[stage.name] = stage.record }
    let found = pipeline.stages.map { records[$0.name] }
    let needed = Self.needed(by: pipeline)
    func isPartial(_ index: Int) -> Bool { found[index]?.cost?.isPartial ?? false }
    var order: [String] = []
    var copies: [String: [Int]] = [:]
    for (index, stage) in pipeline.stages.enumerated() {
      if copies[stage.baseName] == nil { order.append(stage.baseName) }
      copies[stage.baseName, default: []].append(index)
    }
    stages = order.map { name in
      let indices = copies[name] ?? []
      let built = indices.compactMap { found[$0] }
      let inAll = indices.compactMap { index -> Double? in
        let all = needed[index].compactMap { found[$0]?.wallSeconds }
        return all.count == needed[index].count ? all.reduce(0, +) : nil
      }
      let threads = built.compactMap { $0.cost?.threads }
      return Stage(
        name: name, kind: pipeline.stages[indices[0]].declaration.kind, copies: indices.count, built: built.count,
        seconds: Self.mean(built.map(\.wallSeconds)), secondsInAll: Self.mean(inAll),
        peakMemory: built.compactMap(\.peakMemory).max(),
        threads: threads.min().flatMap { least in threads.max().map { least...$0 } },
        isPartial: indices.contains { isPartial($0) },
        isPartialInAll: indices.contains { needed[$0].contains(where: isPartial) })
    }
  }

  /// For each stage itself and everything before it.
  private static func needed(by pipeline: Pipeline) -> [Set<Int>] {
    var needed: [Set<Int>] = []
    // Every stage comes after those that it reads from.
    for (index, stage) in pipeline.stages.enumerated() {
      needed.append(stage.sources.reduce(into: [index]) { $0.formUnion(needed[$1]) })
    }
    return needed
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
