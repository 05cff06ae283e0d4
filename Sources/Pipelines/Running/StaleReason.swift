import SystemPackage

/// Why a stage must run, or may have to.
package enum StaleReason: Hashable, Sendable {
  case neverBuilt
  /// The stage of this name was of another kind when it was last built.
  case kindChanged(from: String, to: String)
  /// The program computes this kind of stage differently now.
  case versionChanged(kind: String, from: Int, to: Int)
  /// `nil` stands for a parameter that the kind did not have then, or has no more.
  case parameterChanged(name: String, from: String?, to: String?)
  /// An input brings other content, or was connected or disconnected.
  case inputChanged(name: String)
  /// The bytes behind a path parameter changed.
  case outsideChanged(parameter: String, path: String)
  case artifactMissing(path: FilePath)
  case artifactDamaged(path: FilePath)
  /// Nothing in the stage changed, but its record is missing or damaged.
  case recordLost
  /// Nothing in the stage changed, but its record is in the format of another version of the program.
  case recordOutdated
  case forced
  /// Stages that it reads from and that must be built first. If they come out with the content that they
  /// had, this one is fresh.
  case waits(stages: [String])
}

extension StaleReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .neverBuilt: "never built"
    case .kindChanged(let old, let new): "kind: \(old) → \(new)"
    case .versionChanged(let kind, let old, let new): "the stage kind '\(kind)': version \(old) → \(new)"
    case .parameterChanged(let name, let old, let new):
      "\(name): \(old ?? "(none)") → \(new ?? "(none)")"
    case .inputChanged(let name): "the input '\(name)' changed"
    case .outsideChanged(_, let path): "'\(path)' changed"
    case .artifactMissing(let path): "its artifact is missing: \(path)"
    case .artifactDamaged(let path): "its artifact is damaged: \(path)"
    case .recordLost: "its record is missing or damaged"
    case .recordOutdated: "its record was written by another version of winnow"
    case .forced: "forced"
    case .waits(let stages):
      "reads \(stages.joined(separator: ", ")), to be rebuilt (may come out the same)"
    }
  }
}
