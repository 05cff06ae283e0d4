extension Pipeline {
  /// The stages that no other one reads from: what the pipeline is run for.
  package var finalStages: [PipelineStage] {
    let sources = Set(stages.flatMap(\.sources))
    return stages.indices.filter { !sources.contains($0) }.map { stages[$0] }
  }
}
