import Foundation

/// What is known of a checkpoint: where the stage stood, and which bytes it saved.
public struct CheckpointRecord: Hashable, Sendable, Codable {
  /// A checkpoint is written beside the one before it, which goes only when the new record is on the
  /// disk: a crash between the two leaves one that fits its record.
  enum Slot: String, Sendable, Codable {
    case a, b

    var other: Slot { self == .a ? .b : .a }
  }

  public let fingerprint: Digest
  public let pipeline: String
  public let stage: String
  /// Where the stage stood: "epoch 3 of 12".
  public let label: String
  /// In whole seconds.
  public let savedAt: Date
  /// A stage goes on only in the program that it was begun in.
  package let program: ProgramIdentity
  public let fileHash: Digest
  /// In bytes.
  public let size: Int64
  let slot: Slot
}

extension CheckpointRecord: SealedContent {
  package static var format: String { "winnow-checkpoint-2" }
}
