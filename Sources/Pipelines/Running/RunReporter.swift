/// Receives what happens during a run, to show it. The command implements it; tests record it.
public protocol RunReporter: Sendable {
  func stageProgressed(_ stage: String, _ progress: StageProgress)
  func stageNoted(_ stage: String, _ note: StageNote)
}
