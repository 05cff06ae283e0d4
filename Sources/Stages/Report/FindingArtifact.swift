import Detection
import HDF5
import Images
import Reports

/// What an artifact of type split or verdict says of the set as a whole.
///
/// A verdict has the attribute `verdict` of the root, one of the words of `Finding.State`; a split, which
/// names a fixed share whatever the set is, has none.
enum FindingArtifact {
  static func read(
    _ file: HDF5.File, images: ImageSet, flags: [SampleSplit.Flag]
  ) throws -> Finding {
    var sizes = [Int](repeating: 0, count: images.classCount)
    for (label, flag) in zip(images.labels, flags) where flag == .poisoned { sizes[label] += 1 }
    let named = zip(images.classNames, sizes).map { (name: $0, named: $1) }
    let total = sizes.reduce(0, +)
    guard try VerdictArtifact.stateIfPresent(of: file) != nil else {
      return .fixedShare(named: total, total: flags.count, sizes: named)
    }
    let artifact = try VerdictArtifact(file)
    let verdict = VerdictText(artifact)
    let state = try VerdictArtifact.state(of: file)
    return Finding(
      state: Finding.State(state), sentence: verdict.sentence, details: verdict.details, named: total,
      total: flags.count,
      controls: artifact.power?.controls.map {
        Finding.Control(
          name: $0.name, share: $0.share, planted: $0.planted, named: $0.named, placebos: $0.placebos,
          placebosNamed: $0.placebosNamed, isFound: $0.isFound)
      } ?? [])
  }
}

extension Finding.State {
  fileprivate init(_ state: Verdict.State) {
    self =
      switch state {
      case .poisoned: .poisoned
      case .nothingStandsOut: .nothingStandsOut
      case .inconclusive: .inconclusive
      }
  }
}
