/// What a run would do with each stage, in the order in which it would.
package struct RunPlan: Sendable {
  package let pipeline: String
  package let stages: [PlannedStage]

  /// The stages that run or may have to.
  package var unfinished: [PlannedStage] { stages.filter { $0.state != .fresh } }

  package var isFresh: Bool { unfinished.isEmpty }
}

/// What a run would do with one stage.
package struct PlannedStage: Sendable {
  package enum State: String, Sendable {
    /// The artifact is there, whole and up to date.
    case fresh
    /// It will run.
    case stale
    /// That depends on the content of an input that will run before it.
    case undecided
  }

  package let name: String
  /// The name in the manifest, which its copies share.
  package let baseName: String
  /// What tells it from the other copies that `each` has made of the same stage.
  package let choices: [SweepChoice]
  package let state: State
  /// Empty for fresh stages.
  package let reasons: [StaleReason]
  /// A saved state from which it will resume.
  package let checkpoint: CheckpointRecord?
  /// How the artifact was made, when it is fresh.
  package let record: ArtifactRecord?

  let index: Int
  let recipe: StageRecipe
  /// Known when the content of all inputs is.
  let fingerprint: Digest?
}
