/// What a run would do with each stage, in the order in which it would.
public struct RunPlan: Sendable {
  public let pipeline: String
  public let stages: [PlannedStage]

  /// The stages that run or may have to.
  public var unfinished: [PlannedStage] { stages.filter { $0.state != .fresh } }

  public var isFresh: Bool { unfinished.isEmpty }
}

/// What a run would do with one stage.
public struct PlannedStage: Sendable {
  public enum State: String, Sendable {
    /// The artifact is there, whole and up to date.
    case fresh
    /// It will run.
    case stale
    /// That depends on the content of an input that will run before it.
    case undecided
  }

  public let name: String
  /// What tells it from the other copies that `each` has made of the same stage.
  public let choices: [SweepChoice]
  public let state: State
  /// Empty for fresh stages.
  public let reasons: [StaleReason]
  /// A saved state from which it will resume.
  public let checkpoint: CheckpointRecord?
  /// How the artifact was made, when it is fresh.
  public let record: ArtifactRecord?

  let index: Int
  let recipe: StageRecipe
  /// Known when the content of all inputs is.
  let fingerprint: Digest?
}
