import Detection
import HDF5
import Images
import Reports

/// What an artifact of type split or verdict says of the set as a whole.
///
/// A verdict has the attribute `verdict` of the root, one of the words of `Finding.State`; a split, which
/// names a fixed share whatever the set is, has none.
enum FindingArtifact {
  private static let stateName = "verdict"

  static func read(
    _ file: HDF5.File, images: ImageSet, flags: [SampleSplit.Flag]
  ) throws -> Finding {
    var sizes = [Int](repeating: 0, count: images.classCount)
    for (label, flag) in zip(images.labels, flags) where flag == .poisoned { sizes[label] += 1 }
    let named = zip(images.classNames, sizes).map { (name: $0, named: $1) }
    let total = sizes.reduce(0, +)
    guard try file.root.hasAttribute(stateName) else {
      return .fixedShare(named: total, total: flags.count, sizes: named)
    }
    let word: String = try file.root.attribute(stateName)
    guard let state = Finding.State(rawValue: word) else {
      throw ArtifactError.unknownWord(word, attribute: stateName, in: file.path)
    }
    let classes = named.filter { $0.named > 0 }.map { "'\($0.name)' \($0.named)" }
    return Finding(
      state: state, sentence: sentence(state, named: total, of: flags.count),
      details: classes.isEmpty ? [] : ["By given label: " + classes.joined(separator: ", ")], named: total,
      total: flags.count)
  }

  private static func sentence(_ state: Finding.State, named: Int, of total: Int) -> String {
    let share = NumberFormat.percent(total == 0 ? .nan : Double(named) / Double(total))
    return switch state {
    case .poisoned: "Poisoned: \(named) of \(total) samples (\(share)) are named"
    case .nothingStandsOut:
      "Nothing stands out: no backdoor was found among \(total) samples, which is no proof that there is none"
    case .inconclusive: "Inconclusive: of \(total) samples \(named) are named, and some cannot be judged"
    }
  }
}
