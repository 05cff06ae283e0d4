import Foundation

/// How an artifact was made: what its fingerprint covers, and what must not be in the file because
/// equal inputs must give equal bytes (times, memory, the manifest's text).
public struct ArtifactRecord: Hashable, Sendable, Codable {
  /// An artifact that the stage read.
  public struct Input: Hashable, Sendable, Codable {
    public let name: String
    /// The stage's name in the pipeline that built this; another pipeline may call it otherwise.
    public let stage: String
    /// What tells that stage from its other copies.
    public let choices: [SweepChoice]
    public let content: Digest
  }

  /// A file or folder that a path parameter named.
  public struct Outside: Hashable, Sendable, Codable {
    public let parameter: String
    public let path: String
    public let digest: Digest
  }

  public struct Parameter: Hashable, Sendable, Codable {
    public let name: String
    /// The canonical text.
    public let value: String
  }

  public let fingerprint: Digest
  /// The pipeline and stage that built it; other pipelines may share it under other names.
  public let pipeline: String
  public let stage: String
  /// What tells the stage from its other copies.
  public let choices: [SweepChoice]
  public let kind: String
  public let version: Int
  /// All parameters but paths, sorted by name.
  public let parameters: [Parameter]
  /// In the order of input names, and for each input in the order of the manifest.
  public let inputs: [Input]
  public let outside: [Outside]
  /// Of the file without its provenance: what dependents' fingerprints cover.
  public let contentDigest: Digest
  /// Of the finished file: its name in the store.
  public let fileHash: Digest
  /// In bytes.
  public let size: Int64
  public let programVersion: String
  /// In whole seconds.
  public let startedAt: Date
  public let wallSeconds: Double
  /// The largest resident set while the stage ran, in bytes; `nil` where the system does not tell.
  public let peakMemory: Int64?
  public let manifest: String
  public let manifestText: String
  public let notes: [StageNote]
}

extension ArtifactRecord: SealedContent {
  package static var format: String { "winnow-record-2" }
}
