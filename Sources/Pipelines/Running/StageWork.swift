import HDF5

/// The work of a stage itself: from the files that it reads to a closed file, whichever thread or process
/// does it.
struct StageWork: Sendable {
  let task: StageTask
  let kind: any Stage.Type
  let store: ArtifactStore
  let reporter: any RunReporter
  /// Requests to stop.
  let interruptions: [Interruption]

  /// - Throws: what the stage throws; `PipelineError.notFinite`; `HDF5Error` when nothing can be written.
  func perform() throws -> StageResult {
    let memory = MemoryUse(files: store.files)
    memory.reset()
    let startedAt = store.files.wholeSeconds()
    let start = ContinuousClock.now
    let checkpoints = FileCheckpoints(
      store: store, fingerprint: task.fingerprint, pipeline: task.pipeline, stage: task.stage,
      program: store.runningProgram(version: task.programVersion), interval: task.checkpointInterval,
      reporter: reporter)
    let context = StageContext(
      stageName: task.stage, parameters: task.parameters, threads: task.threads,
      output: try store.files.createHDF5(at: task.output), checkpoints: checkpoints,
      inputFiles: task.inputs, directory: task.directory, reporter: reporter,
      interruptions: interruptions)
    do {
      try kind.run(context)
      try FiniteNumbers.require(in: context.output)
    } catch {
      try? context.output.close()
      throw error
    }
    try context.output.close()
    return StageResult(
      output: task.output, startedAt: startedAt, seconds: start.secondsUntilNow, threads: task.threads,
      peakMemory: memory.peak(), isPartial: checkpoints.wasUsed || context.leftWorkOut, processor: Processor.name,
      notes: context.notes)
  }
}
