import HDF5

/// An artifact that a stage reads, and which stage made it.
public struct InputArtifact {
  /// The stage's name, unique in the pipeline: `evaluation[attack=blend,seed=2]`.
  public let name: String
  /// The stage's name in the manifest, which all its copies share: `evaluation`.
  public let baseName: String
  /// What tells it from the other copies of the same stage, in the manifest's order of the variables.
  public let choices: [SweepChoice]
  public let file: HDF5.File
}
