import Foundation
import SystemPackage

/// What a stage needs for its own work when all that it reads is there: a value, which can be given to another
/// thread or written down for another process.
package struct StageTask: Hashable, Sendable, Codable {
  package let fingerprint: Digest
  package let pipeline: String
  package let stage: String
  package let kind: String
  package let version: Int
  package let parameters: [String: ParameterValue]
  /// By input, in the order of the manifest.
  package let inputs: [String: [StageContext.InputFile]]
  /// Where its file is written; it becomes the artifact from there.
  package var output: FilePath
  /// What path parameters are relative to.
  package let directory: FilePath
  package var threads: Int
  package let checkpointInterval: Duration
  package let programVersion: String
  /// What it will take, as far as that is known.
  package let forecast: StageForecast
}

/// What a stage's work left besides its file.
package struct StageResult: Hashable, Sendable, Codable {
  /// The file that it wrote, closed.
  package let output: FilePath
  /// In whole seconds.
  package let startedAt: Date
  package let seconds: Double
  package let threads: Int
  /// The largest resident set while it ran, in bytes; `nil` where others ran in the same process.
  package var peakMemory: Int64?
  /// Whether `seconds` is that of a part of the work alone: it went on from a checkpoint, or the rest was needless.
  package let isPartial: Bool
  /// The kind of processor that it ran on; `nil` where the system does not tell.
  package let processor: String?
  package let notes: [StageNote]
}

/// How a stage's work ended.
package enum StageOutcome {
  case done(StageResult)
  case failed(any Error)
  /// It goes on elsewhere, and a later run will find its result.
  case left
}
