import Foundation

/// How an artifact was made: what its fingerprint covers, and what must not be in the file because
/// equal inputs must give equal bytes (times, memory, the manifest's text).
package struct ArtifactRecord: Hashable, Sendable, Codable {
  /// An artifact that the stage read.
  package struct Input: Hashable, Sendable, Codable {
    package let name: String
    /// The stage's name in the pipeline that built this; another pipeline may call it otherwise.
    package let stage: String
    /// What tells that stage from its other copies.
    package let choices: [SweepChoice]
    package let content: Digest
  }

  /// A file or folder that a path parameter named.
  package struct Outside: Hashable, Sendable, Codable {
    package let parameter: String
    package let path: String
    package let digest: Digest
  }

  package struct Parameter: Hashable, Sendable, Codable {
    package let name: String
    /// The canonical text.
    package let value: String
  }

  /// How much the stage computed, and what was expected of it: later estimates are made from this.
  package struct Cost: Hashable, Sendable, Codable {
    /// What is counted; `nil` for kinds that count nothing.
    package let unit: String?
    package let amount: Double?
    package let threads: Int
    /// Whether more threads take less time; by how much less says `ThreadScaling`.
    package let usesThreads: Bool
    /// Whether the time is that of a part of the work alone: since a checkpoint, or because the stage found that
    /// the rest was needless.
    package let isPartial: Bool
    package let estimatedSeconds: Double?
  }

  package let fingerprint: Digest
  /// The pipeline and stage that built it; other pipelines may share it under other names.
  package let pipeline: String
  package let stage: String
  /// What tells the stage from its other copies.
  package let choices: [SweepChoice]
  package let kind: String
  package let version: Int
  /// All parameters but paths, sorted by name.
  package let parameters: [Parameter]
  /// In the order of input names, and for each input in the order of the manifest.
  package let inputs: [Input]
  package let outside: [Outside]
  /// Of the file without its provenance: what dependents' fingerprints cover.
  package let contentDigest: Digest
  /// Of the finished file: its name in the store.
  package let fileHash: Digest
  /// In bytes.
  package let size: Int64
  package let programVersion: String
  /// In whole seconds.
  package let startedAt: Date
  package let wallSeconds: Double
  /// The largest resident set while the stage ran, in bytes; `nil` where the system does not tell.
  package let peakMemory: Int64?
  /// `nil` in records of before there were costs.
  package let cost: Cost?
  /// The kind of processor that built it: another one may round differently. `nil` where it is not known.
  package let processor: String?
  package let manifest: String
  package let manifestText: String
  package let notes: [StageNote]
}

extension ArtifactRecord: SealedContent {
  package static var format: String { "winnow-record-2" }
}
