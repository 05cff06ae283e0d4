import SystemPackage

extension Runner {
  /// The artifacts that a stage reads, looked at once more: hours may lie between the plan and now.
  func verifiedInputs(
    of stage: PipelineStage, _ finished: [Int: ArtifactRecord]
  ) throws -> [String: [(stage: String, path: FilePath)]] {
    try stage.inputs.mapValues { sources in
      try sources.compactMap { source in
        guard let record = finished[source] else { return nil }
        let path = store.path(of: record.fileHash)
        guard try store.condition(of: record) == .whole else {
          throw PipelineError.lostInput(stage: stage.name, path: path)
        }
        return (pipeline.stages[source].name, path)
      }
    }
  }
}
