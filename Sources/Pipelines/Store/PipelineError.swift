import Foundation
import SystemPackage

/// What can go wrong between a checked manifest and its artifacts.
package enum PipelineError: Error, Sendable {
  /// A system call failed.
  case system(FileSystem.Operation, path: FilePath, Errno)
  /// Another run holds the store.
  case locked(path: FilePath, by: LockHolder?)
  /// The file or folder that a path parameter names is not there.
  case missingInput(path: FilePath, parameter: String, stage: String)
  /// A path leads to something that is no regular file, and where it matters no folder either.
  case notAFile(path: FilePath)
  case changedWhileRead(path: FilePath)
  /// The pipeline's name is that of a folder which the store needs for itself.
  case reservedName(String)
  /// What should name a pipeline leads to another folder.
  case notAPipeline(String)
  /// A path parameter names a folder that the store's folder lies in, which every run changes.
  case holdsStore(path: FilePath, store: FilePath)
  case unknownStage(String, known: [String])
  /// An artifact was damaged or removed during the run.
  case lostInput(stage: String, path: FilePath)
  /// A stage's result contains NaN or infinity.
  case notFinite(value: String, index: Int, place: String)
  /// A small file of the store cannot hold what should be in it.
  case notEncodable(path: FilePath, String)
  /// A stage threw an error.
  case stageFailed(stage: String, any Error)
  /// Several stages failed in a run that continues after failures; `skipped` need one of them.
  case severalFailed([PipelineError], skipped: [String])
  /// The user stopped the run; `stage` was running.
  case interrupted(signal: Int32, stage: String?)
  /// `built` are the stages that were.
  case notBuilt(stage: String, pipeline: String, built: [String])
  /// A text was asked for that the stage's artifact does not have.
  case noText(String, stage: String, known: [String])
  /// `verify` found damage.
  case damaged(count: Int)
}

/// The process that holds a store.
package struct LockHolder: Hashable, Sendable, Codable {
  package let processID: Int32
  /// In whole seconds.
  package let since: Date
  package let manifest: String

  package init(processID: Int32, since: Date, manifest: String) {
    self.processID = processID
    self.since = since
    self.manifest = manifest
  }
}
