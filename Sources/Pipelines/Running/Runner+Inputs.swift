import SystemPackage

extension Runner {
  /// The artifacts that a stage reads, looked at once more: hours may lie between the plan and now.
  func verifiedInputs(
    of stage: PipelineStage, _ finished: [Int: ArtifactRecord]
  ) throws -> [String: [StageContext.InputFile]] {
    try stage.inputs.mapValues { sources in
      try sources.compactMap { source -> StageContext.InputFile? in
        guard let record = finished[source] else { return nil }
        let path = store.path(of: record.fileHash)
        guard try store.condition(of: record) == .whole else {
          throw PipelineError.lostInput(stage: stage.name, path: path)
        }
        let maker = pipeline.stages[source]
        return StageContext.InputFile(
          name: maker.name, baseName: maker.baseName, choices: maker.choices, path: path)
      }
    }
  }
}
