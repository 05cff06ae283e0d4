import Foundation

/// What is known of a checkpoint: how far the stage had come, and which bytes it saved.
package struct CheckpointRecord: Hashable, Sendable, Codable {
  /// A checkpoint is written beside the one before it, which goes only when the new record is on the
  /// disk: a crash in between leaves one that matches its record.
  enum Slot: String, Sendable, Codable {
    case a, b

    var other: Slot { self == .a ? .b : .a }
  }

  package let fingerprint: Digest
  package let pipeline: String
  package let stage: String
  /// Where the stage stood: "epoch 3 of 12".
  package let label: String
  /// In whole seconds.
  package let savedAt: Date
  /// A stage is resumed only by the program that started it.
  package let program: ProgramIdentity
  package let fileHash: Digest
  /// In bytes.
  package let size: Int64
  let slot: Slot
}

extension CheckpointRecord: SealedContent {
  package static var format: String { "winnow-checkpoint-2" }
}
