import Foundation
import HDF5
import SystemPackage

/// A stage that is being run: from its checked inputs to its published artifact. An executor does the work
/// between the two.
final class StageBuild {
  let stage: PipelineStage
  let task: StageTask

  private let runner: Runner
  private let executor: any StageExecutor
  private let recipe: StageRecipe
  private let inputs: [ArtifactRecord.Input]

  var fingerprint: Digest { task.fingerprint }

  /// - Parameters:
  ///   - finished: The records of the stages before it.
  ///   - contents: The digests of their content.
  ///   - forecast: What it will take.
  /// - Throws: `PipelineError` when an input was damaged since the plan, or nothing can be written.
  init(
    _ decided: PlannedStage, of runner: Runner, planner: Planner, executor: any StageExecutor,
    finished: [Int: ArtifactRecord], contents: [Int: Digest], threads: Int, forecast: StageForecast
  ) throws {
    let stage = runner.pipeline.stages[decided.index]
    self.runner = runner
    self.executor = executor
    self.stage = stage
    recipe = decided.recipe
    inputs = planner.inputs(of: stage, contents: contents)
    let fingerprint = recipe.fingerprint(inputs: inputs)
    let inputFiles = try runner.verifiedInputs(of: stage, finished)
    task = StageTask(
      fingerprint: fingerprint, pipeline: runner.pipeline.name, stage: stage.name, kind: recipe.kind,
      version: recipe.version, parameters: stage.parameters, inputs: inputFiles,
      output: try executor.output(for: fingerprint), directory: runner.directory, threads: threads,
      checkpointInterval: runner.options.checkpointInterval, programVersion: runner.programVersion,
      forecast: forecast)
  }

  /// Makes the file that the work left the stage's artifact.
  ///
  /// - Throws: `PipelineError` and `HDF5Error`; nothing is published then.
  func publish(_ result: StageResult, _ planner: Planner) throws -> ArtifactRecord {
    let (store, start) = (runner.store, ContinuousClock.now)
    try planner.requireUnchanged(recipe, of: stage.name)
    let content = try store.files.hash(result.output).digest
    try Provenance.write(
      to: store.files.openHDF5ForAppending(at: result.output), recipe: recipe, inputs: inputs,
      content: content, programVersion: runner.programVersion)
    try store.files.flushFile(result.output)
    let (hash, status) = try store.files.hash(result.output)
    try store.adopt(result.output, hash: hash)
    let record = ArtifactRecord(
      fingerprint: fingerprint, pipeline: runner.pipeline.name, stage: stage.name, choices: stage.choices,
      kind: recipe.kind, version: recipe.version, parameters: recipe.parameters, inputs: inputs,
      outside: recipe.outside, contentDigest: content, fileHash: hash, size: status.size,
      programVersion: runner.programVersion, startedAt: result.startedAt,
      wallSeconds: result.seconds + start.secondsUntilNow, peakMemory: result.peakMemory,
      cost: ArtifactRecord.Cost(
        unit: task.forecast.unit, amount: task.forecast.amount, threads: result.threads,
        usesThreads: task.forecast.usesThreads, isPartial: result.isPartial,
        estimatedSeconds: task.forecast.seconds(threads: result.threads)),
      processor: result.processor, manifest: runner.pipeline.manifest, manifestText: runner.pipeline.text, notes: result.notes)
    try store.write(record)
    try store.link(record, pipeline: runner.pipeline.name, stage: stage.name)
    try store.removeCheckpoint(fingerprint)
    executor.remove(task)
    return record
  }

  /// Removes what a failure left.
  func discard() { executor.remove(task) }
}
