import Detection
import HDF5
import Pipelines

/// What a defence does where a verdict names no image poisoned: the words, and the parameter for them.
enum WithoutPoison: String, ParameterWord {
  case pass, refuse

  var summary: String {
    switch self {
    case .pass: "goes on without: see the stage's notes"
    case .refuse: "fails"
    }
  }

  static let parameter = Parameter<WithoutPoison>.choice(
    "without-poison", default: .pass, "What to do where a verdict names no image poisoned.")
}

/// Which samples a defence takes for clean and for poisoned: from a split, or from a verdict.
struct NamedSamples {
  let split: SampleSplit
  /// Whether a verdict names none poisoned.
  let hasNoPoison: Bool

  /// Tells the verdict, where it is one. Of a verdict by which nothing can be said, and so nothing is clean
  /// either, all samples are taken as they are: as clean.
  ///
  /// - Throws: `ArtifactError.noPoison` where there is none and that is refused.
  init(_ file: HDF5.File, in context: StageContext) throws {
    let stored = try SplitArtifact(file).split
    guard let state = try VerdictArtifact.stateIfPresent(of: file) else {
      (split, hasNoPoison) = (stored, false)
      return
    }
    context.note(VerdictText(try VerdictArtifact(file)).sentence)
    hasNoPoison = !stored.flags.contains(.poisoned)
    if hasNoPoison, context[WithoutPoison.parameter] == .refuse {
      throw ArtifactError.noPoison(verdict: state.rawValue)
    }
    guard !stored.flags.contains(.clean) else {
      split = stored
      return
    }
    context.warn("the verdict names no image clean either: all are taken for clean")
    split = SampleSplit(
      flags: stored.flags.map { $0 == .uncertain ? .clean : $0 }, cleanThreshold: stored.cleanThreshold,
      poisonedThreshold: stored.poisonedThreshold)
  }
}
