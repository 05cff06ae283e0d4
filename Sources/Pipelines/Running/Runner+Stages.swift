import HDF5
import SystemPackage

extension Runner {
  /// Goes through the plan's stages; decides anew about those that waited for others.
  func runStages(
    _ plan: RunPlan, _ planner: Planner, _ summary: inout RunSummary
  ) throws(PipelineError) {
    var finished: [Int: ArtifactRecord] = [:]
    var failures: [PipelineError] = []
    var lost: Set<Int> = []

    for (position, planned) in plan.stages.enumerated() {
      let stage = pipeline.stages[planned.index]
      let missing = stage.sources.filter { lost.contains($0) }
      if !missing.isEmpty {
        lost.insert(planned.index)
        summary.skipped.append(stage.name)
        reporter.stageSkipped(stage.name, because: missing.map { pipeline.stages[$0].name })
        continue
      }
      do {
        let contents = finished.mapValues(\.contentDigest)
        let decided =
          planned.fingerprint != nil ? planned : try planner.decide(planned.index, contents: contents)
        if let record = decided.record {
          try store.link(record, pipeline: pipeline.name, stage: stage.name)
          // One that a crash left between publishing and tidying up.
          if try store.hasCheckpoint(record.fingerprint) {
            try store.removeCheckpoint(record.fingerprint)
          }
          finished[planned.index] = record
          summary.fresh.append(stage.name)
          reporter.stageFresh(stage.name, record)
        } else {
          if interruption.isRequested {
            throw PipelineError.interrupted(signal: interruption.requestedBy, stage: nil)
          }
          reporter.stageStarted(
            stage.name, number: position + 1, of: plan.stages.count,
            reasons: reasons(decided, planned), checkpoint: decided.checkpoint)
          let record = try build(stage, decided, planner, finished)
          finished[planned.index] = record
          summary.built.append(stage.name)
          reporter.stageFinished(
            stage.name, record, path: store.link(pipeline: pipeline.name, stage: stage.name))
        }
      } catch {
        let failure = failure(error, in: stage)
        if case .interrupted = failure { throw failure }
        reporter.stageFailed(stage.name, failure)
        summary.failed.append(stage.name)
        lost.insert(planned.index)
        failures.append(failure)
        if !options.keepsGoing { throw failure }
      }
    }
    if failures.count == 1, summary.skipped.isEmpty { throw failures[0] }
    if !failures.isEmpty { throw .severalFailed(failures, skipped: summary.skipped) }
  }

  /// A stage that was known to be stale before its inputs were there keeps the reasons of the plan.
  private func reasons(_ decided: PlannedStage, _ planned: PlannedStage) -> [StaleReason] {
    let early = planned.reasons.filter {
      if case .waits = $0 { return false }
      return !decided.reasons.contains($0)
    }
    return early + decided.reasons
  }

  private func failure(_ error: any Error, in stage: PipelineStage) -> PipelineError {
    switch error {
    case let error as PipelineError:
      switch error {
      case .interrupted, .lostInput, .missingInput: error
      default: .stageFailed(stage: stage.name, error)
      }
    case is StageInterrupted where interruption.isRequested:
      .interrupted(signal: interruption.requestedBy, stage: stage.name)
    default:
      .stageFailed(stage: stage.name, error)
    }
  }

  /// Runs a stage and publishes what it made.
  private func build(
    _ stage: PipelineStage, _ decided: PlannedStage, _ planner: Planner,
    _ finished: [Int: ArtifactRecord]
  ) throws -> ArtifactRecord {
    let inputs = planner.inputs(of: stage, contents: finished.mapValues(\.contentDigest))
    let fingerprint = decided.recipe.fingerprint(inputs: inputs)
    let inputFiles = try verifiedInputs(of: stage, finished)
    let temporary = try store.temporaryArtifact()
    let memory = MemoryUse(files: store.files)
    memory.reset()
    let start = ContinuousClock.now
    let startedAt = store.files.now() / 1_000_000_000
    do {
      let output = try store.files.createHDF5(at: temporary)
      let context = StageContext(
        stageName: stage.name, parameters: stage.parameters, output: output,
        checkpoints: checkpoints(fingerprint, stage: stage.name), inputFiles: inputFiles,
        directory: directory, reporter: reporter, interruption: interruption)
      try stage.kind.run(context)
      try FiniteNumbers.require(in: output)
      try output.close()
      try planner.requireUnchanged(decided.recipe, of: stage.name)

      let content = try store.files.hash(temporary).digest
      try Provenance.write(
        to: store.files.openHDF5ForAppending(at: temporary), recipe: decided.recipe, inputs: inputs,
        content: content, programVersion: programVersion)
      try store.files.flushFile(temporary)
      let (hash, status) = try store.files.hash(temporary)
      try store.adopt(temporary, hash: hash)
      let record = ArtifactRecord(
        fingerprint: fingerprint, pipeline: pipeline.name, stage: stage.name,
        kind: decided.recipe.kind, version: decided.recipe.version,
        parameters: decided.recipe.parameters, inputs: inputs, outside: decided.recipe.outside,
        contentDigest: content, fileHash: hash, size: status.size, programVersion: programVersion,
        startedAt: startedAt, wallSeconds: start.secondsUntilNow, peakMemory: memory.peak(),
        manifest: pipeline.manifest, manifestText: pipeline.text, notes: context.notes)
      try store.write(record)
      try store.link(record, pipeline: pipeline.name, stage: stage.name)
      try store.removeCheckpoint(fingerprint)
      return record
    } catch {
      try? store.files.removeIfPresent(temporary)
      throw error
    }
  }

  private func checkpoints(_ fingerprint: Digest, stage: String) -> FileCheckpoints {
    FileCheckpoints(
      store: store, fingerprint: fingerprint, pipeline: pipeline.name, stage: stage,
      programVersion: programVersion, interval: options.checkpointInterval, reporter: reporter)
  }

  /// The artifacts that a stage reads, looked at once more: hours may lie between the plan and now.
  private func verifiedInputs(
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
