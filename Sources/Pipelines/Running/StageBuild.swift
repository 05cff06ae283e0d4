import Foundation
import HDF5
import SystemPackage

/// A stage that is being run: from its checked inputs to its published artifact.
///
/// `init` and `publish` use the store and are called on the thread of the run; `perform` does the
/// stage's own work, on any thread.
final class StageBuild: @unchecked Sendable {
  let stage: PipelineStage
  let fingerprint: Digest
  let threads: Int
  /// Whether no other stage ran meanwhile, so that the process's memory is that of this one.
  var isAlone = true

  private let runner: Runner
  private let recipe: StageRecipe
  private let inputs: [ArtifactRecord.Input]
  private let temporary: FilePath
  private let context: StageContext
  private let memory: MemoryUse
  private let start = ContinuousClock.now
  private let startedAt: Date

  /// - Parameters:
  ///   - finished: The records of the stages before it.
  ///   - contents: The digests of their content.
  /// - Throws: `PipelineError` when an input was damaged since the plan, or nothing can be written.
  init(
    _ decided: PlannedStage, of runner: Runner, planner: Planner, finished: [Int: ArtifactRecord],
    contents: [Int: Digest], threads: Int, halt: Interruption
  ) throws {
    let stage = runner.pipeline.stages[decided.index]
    let store = runner.store
    self.runner = runner
    self.stage = stage
    self.threads = threads
    recipe = decided.recipe
    inputs = planner.inputs(of: stage, contents: contents)
    fingerprint = recipe.fingerprint(inputs: inputs)
    let inputFiles = try runner.verifiedInputs(of: stage, finished)
    temporary = try store.temporaryArtifact()
    memory = MemoryUse(files: store.files)
    memory.reset()
    startedAt = store.files.wholeSeconds()
    do {
      context = StageContext(
        stageName: stage.name, parameters: stage.parameters, threads: threads,
        output: try store.files.createHDF5(at: temporary),
        checkpoints: FileCheckpoints(
          store: store, fingerprint: fingerprint, pipeline: runner.pipeline.name, stage: stage.name,
          program: store.runningProgram(version: runner.programVersion),
          interval: runner.options.checkpointInterval, reporter: runner.reporter),
        inputFiles: inputFiles, directory: runner.directory, reporter: runner.reporter,
        interruptions: [runner.interruption, halt])
    } catch {
      try? store.files.removeIfPresent(temporary)
      throw error
    }
  }

  /// Runs the stage, up to a closed file, whether it fails or not.
  ///
  /// - Throws: what the stage throws; `PipelineError.notFinite`.
  func perform() throws {
    do {
      try stage.kind.run(context)
      try FiniteNumbers.require(in: context.output)
    } catch {
      try? context.output.close()
      throw error
    }
    try context.output.close()
  }

  /// Makes the file the stage's artifact.
  ///
  /// - Throws: `PipelineError` and `HDF5Error`; nothing is published then.
  func publish(_ planner: Planner) throws -> ArtifactRecord {
    let store = runner.store
    try planner.requireUnchanged(recipe, of: stage.name)
    let content = try store.files.hash(temporary).digest
    try Provenance.write(
      to: store.files.openHDF5ForAppending(at: temporary), recipe: recipe, inputs: inputs,
      content: content, programVersion: runner.programVersion)
    try store.files.flushFile(temporary)
    let (hash, status) = try store.files.hash(temporary)
    try store.adopt(temporary, hash: hash)
    let record = ArtifactRecord(
      fingerprint: fingerprint, pipeline: runner.pipeline.name, stage: stage.name, choices: stage.choices,
      kind: recipe.kind, version: recipe.version, parameters: recipe.parameters, inputs: inputs,
      outside: recipe.outside, contentDigest: content, fileHash: hash, size: status.size,
      programVersion: runner.programVersion, startedAt: startedAt, wallSeconds: start.secondsUntilNow,
      peakMemory: isAlone ? memory.peak() : nil, manifest: runner.pipeline.manifest,
      manifestText: runner.pipeline.text, notes: context.notes)
    try store.write(record)
    try store.link(record, pipeline: runner.pipeline.name, stage: stage.name)
    try store.removeCheckpoint(fingerprint)
    return record
  }

  /// Removes what a failure left.
  func discard() {
    try? runner.store.files.removeIfPresent(temporary)
  }
}
