import SystemPackage

/// Ignores a run.
package struct SilentReporter: RunReporter {
  package init() {}

  package func stageProgressed(_ stage: String, _ progress: StageProgress) {}
  package func stageNoted(_ stage: String, _ note: StageNote) {}
  package func runWaits(for holder: LockHolder?) {}
  package func runStarted(_ plan: RunPlan, _ estimate: RunEstimate) {}
  package func stageFresh(_ stage: String, _ record: ArtifactRecord) {}
  package func stageStarted(
    _ stage: String, number: Int, of total: Int, reasons: [StaleReason], checkpoint: CheckpointRecord?
  ) {}
  package func checkpointIgnored(_ stage: String, _ reason: IgnoredCheckpoint) {}
  package func stageFinished(_ stage: String, _ record: ArtifactRecord, path: FilePath) {}
  package func stageFailed(_ stage: String, _ error: PipelineError) {}
  package func stageStopped(_ stage: String) {}
  package func stageSkipped(_ stage: String, because failed: [String]) {}
  package func runFinished(_ summary: RunSummary) {}
  package func jobSubmitted(_ stage: String, job: String, log: FilePath) {}
  package func jobFound(_ stage: String, job: String, log: FilePath) {}
  package func jobChanged(_ stage: String, job: String, state: String) {}
  package func jobLost(_ stage: String, job: String, state: String?, log: FilePath) {}
  package func queueSilent() {}
  package func stageLeft(_ stage: String, job: String) {}
}
