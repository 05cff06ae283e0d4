import HDF5

/// An artifact that a stage reads, and which stage made it.
package struct InputArtifact {
  /// The stage's name, unique in the pipeline: `evaluation[attack=blend,seed=2]`.
  package let name: String
  /// The stage's name in the manifest, which all its copies share: `evaluation`.
  package let baseName: String
  /// What tells it from the other copies of the same stage, in the manifest's order of the variables.
  package let choices: [SweepChoice]
  package let file: HDF5.File
}
