import HDF5

/// Whether a round of confusion training or a check network was trained, and why not.
///
/// In artifacts it is the attribute `trained` of the root; scores without it come from a trained network.
enum RoundOutcome: String {
  case trained = "yes"
  /// A verdict had been reached before.
  case settled = "no"
  /// Every image keeps its label: none is left for a base to be drawn from.
  case noBase = "no base"
  /// No class has a group that keeps its label: there is nothing to judge.
  case noGroup = "no group"

  static let attributeName = "trained"

  init(of file: HDF5.File) throws {
    guard try file.root.hasAttribute(Self.attributeName) else {
      self = .trained
      return
    }
    let word: String = try file.root.attribute(Self.attributeName)
    guard let outcome = RoundOutcome(rawValue: word) else {
      throw ArtifactError.unknownWord(word, attribute: Self.attributeName, in: file.path)
    }
    self = outcome
  }

  /// Why nothing was trained.
  var note: String {
    switch self {
    case .trained: "trained"
    case .settled: "a verdict has been reached before: there is nothing to train"
    case .noGroup: "no class has a group that keeps its label: there is nothing to train"
    case .noBase: "every image keeps its label, so that there is no base: nothing was trained"
    }
  }
}
