import HDF5
import Pipelines
import Reports
import SystemPackage

/// A report on whatever a pipeline has built.
package struct PipelineReport {
  private let pipeline: Pipeline
  private let store: ArtifactStore

  package init(of pipeline: Pipeline, in store: ArtifactStore) {
    self.pipeline = pipeline
    self.store = store
  }

  /// The page.
  ///
  /// - Throws: `PipelineError` when nothing was built or a file is damaged, `ArtifactError` and `HDF5Error` when
  ///   one cannot be read.
  package func html() throws -> String { ReportPage(try contents()).html }

  func contents() throws -> ReportContents {
    let records = try pipeline.stages.map { try record(of: $0) }
    guard records.contains(where: { $0 != nil }) else {
      throw PipelineError.notBuilt(
        stage: pipeline.finalStages.first?.name ?? pipeline.name, pipeline: pipeline.name, built: [])
    }
    var contents = try ReportAssembly(sources: sources(records)).contents(title: "winnow: \(pipeline.name)")
    contents.facts.insert(("manifest", pipeline.manifest), at: 0)
    contents.stages = zip(pipeline.stages, records).map { stage, record in
      ReportContents.Stage(
        name: stage.name, kind: stage.declaration.kind,
        inputs: stage.declaration.inputs.flatMap { stage.inputs[$0.name] ?? [] }.map { pipeline.stages[$0].name },
        seconds: record?.wallSeconds, peakMemory: record?.peakMemory, size: record?.size)
    }
    contents.warnings = zip(pipeline.stages, records).flatMap { stage, record in
      (record?.notes ?? []).filter(\.isWarning).map { "\(stage.name): \($0.text)" }
    }
    return contents
  }

  private func record(of stage: PipelineStage) throws -> ArtifactRecord? {
    try store.publishedRecord(pipeline: pipeline.name, stage: stage.name)
  }

  /// The last division of a training set, what it was made from, and all models.
  private func sources(_ records: [ArtifactRecord?]) throws -> ReportSources {
    func open(_ index: Int?) throws -> HDF5.File? {
      guard let index, let record = records[index] else { return nil }
      guard try store.condition(of: record) == .whole else { throw PipelineError.damaged(count: 1) }
      return try HDF5.File.open(at: store.path(of: record.fileHash))
    }
    func all(_ indices: [Int], nameOf named: (Int) -> Int = { $0 }) throws -> [ReportSources.Named] {
      try indices.compactMap { index in
        try open(index).map { ReportSources.Named(name: pipeline.stages[named(index)].name, file: $0) }
      }
    }
    var sources = ReportSources()
    let split = main(records)
    sources.split = try open(split)
    let inputs = split.map { pipeline.stages[$0].inputs } ?? [:]
    let images = split.flatMap(judged) ?? set(records)
    sources.images = try open(images)
    sources.scores = try open(inputs["scores"]?.first)
    sources.detection = try open(
      pipeline.stages.indices.last { index in
        pipeline.stages[index].declaration.output == .detection
          && pipeline.stages[index].inputs.values.contains { $0.contains { $0 == split } }
      })
    sources.embedding = try open(
      pipeline.stages.indices.last { index in
        pipeline.stages[index].declaration.output == .embedding && records[index] != nil
          && pipeline.stages[index].inputs["images"]?.first == images
      })
    // A model that is measured on the training set itself says nothing of how good it is.
    let evaluations = pipeline.stages.indices.filter { pipeline.stages[$0].declaration.output == .evaluation }
    let readings = evaluations.filter { split != nil && pipeline.stages[$0].inputs["images"]?.first == images }
    sources.readings = try all(readings, nameOf: { pipeline.stages[$0].inputs["model"]?.first ?? $0 })
    sources.evaluations = try all(evaluations.filter { !readings.contains($0) })
    sources.models = try all(
      pipeline.stages.indices.filter { [.model, .encoder].contains(pipeline.stages[$0].declaration.output) })
    return sources
  }

  /// What says most of a training set: the last verdict that was built, or the last split.
  private func main(_ records: [ArtifactRecord?]) -> Int? {
    for type in [ArtifactType.verdict, .split] {
      let last = pipeline.stages.indices.last {
        records[$0] != nil && pipeline.stages[$0].declaration.output == type
      }
      if let last { return last }
    }
    return nil
  }

  /// The images that a split or verdict is about: its own, or those of the verdicts that it was made of.
  private func judged(_ stage: Int) -> Int? {
    let inputs = pipeline.stages[stage].inputs
    if let images = inputs["images"]?.first { return images }
    return ["verdicts", "verdict", "earlier"].lazy.compactMap { inputs[$0]?.first }.first.flatMap(judged)
  }

  /// The training set of a pipeline without a split.
  private func set(_ records: [ArtifactRecord?]) -> Int? {
    pipeline.stages.indices.first {
      records[$0] != nil && [.images, .poisonedImages].contains(pipeline.stages[$0].declaration.output)
    }
  }
}
