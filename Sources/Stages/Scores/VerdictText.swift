import Detection
import Images
import Reports

/// A verdict in words.
struct VerdictText {
  private let verdict: Verdict
  private let names: [String]
  let power: DetectionPower?

  init(_ artifact: VerdictArtifact) {
    verdict = artifact.verdict
    names = artifact.classNames.map(\.printable)
    power = artifact.power
  }

  /// The verdict in one sentence.
  var sentence: String {
    let total = verdict.flags.count
    switch verdict.state {
    case .poisoned:
      let named = verdict.named.count
      let classes = list(verdict.evidence.filter(\.state.isPoison).map(\.label))
      return
        "VERDICT: poisoned. \(named) of \(total) images (\(percent(named))) are labelled \(classes) for something "
        + "other than what the images of that class show"
    case .nothingStandsOut:
      return
        "VERDICT: nothing stands out. No backdoor was found that a network learns from these \(total) images "
        + "in a short training; that is no proof that there is none"
    case .inconclusive:
      return "VERDICT: inconclusive: " + verdict.reasons.map(text).joined(separator: "; ")
    }
  }

  /// The evidence, a line for each class of which something is still fitted.
  var details: [String] {
    var lines: [String] = []
    if verdict.state == .poisoned {
      let range = verdict.countRange
      lines.append(
        "estimated: \(range.lowerBound) to \(range.upperBound) images (\(percent(range.lowerBound)) to "
          + "\(percent(range.upperBound))): \(lowerEnd), and so many a looser threshold would name; poison whose label was "
          + "forgotten is not counted")
    }
    return lines + verdict.evidence.filter { $0.state != .few }.map(line) + powerLines
  }

  /// What the lower end of the estimate counts.
  private var lowerEnd: String {
    let states = Set(verdict.evidence.filter(\.state.isPoison).map(\.state))
    let denied =
      "so many at least of those named the check network denies more often than chance allows (95%), if it knows what "
      + "clean samples of their class look like"
    if states == [.triggered] { return "so many have the pattern" }
    return states.contains(.triggered) ? "so many have the pattern; or " + denied : denied
  }

  /// The surest of the images named poisoned, by their index; `nil` where none is.
  func suspects(_ count: Int) -> String? {
    let named = verdict.named
    guard !named.isEmpty, count > 0 else { return nil }
    let list = named.prefix(count).map(String.init).joined(separator: ", ")
    return named.count > count
      ? "the surest of them, counted from 0: \(list), and so on" : "these are, counted from 0: \(list)"
  }

  /// How a split of a fixed share compares. It agrees where half of what the smaller of the two names is
  /// named by both; and with a verdict that names none, for then its share says nothing.
  func comparison(with split: SampleSplit, named name: String) -> (agrees: Bool, common: Int, text: String) {
    let other = split.flags.count { $0 == .poisoned }
    let common = zip(verdict.flags, split.flags).count { $0 == .poisoned && $1 == .poisoned }
    let told = "'\(name)' names \(other) images poisoned, as many as it is told to"
    guard verdict.state == .poisoned else {
      return (true, common, told + "; this verdict does not confirm them")
    }
    let agrees = 2 * common >= min(other, verdict.named.count)
    return (
      agrees, common,
      told + "; \(common) of them are among the \(verdict.named.count) named here"
        + (agrees ? "" : ": the two disagree, look at both")
    )
  }

  private func percent(_ count: Int) -> String {
    NumberFormat.percent(Double(count) / Double(max(verdict.flags.count, 1)))
  }

  private func line(_ found: ClassEvidence) -> String {
    let judgement =
      switch found.state {
      case .few: "too few to judge"
      case .easy: "easy images, not named"
      case .confusable: "taken for classes that others of it are taken for too: hard to tell, not named"
      case .doubtful: "doubtful, not named"
      case .mixed: "easy images and poison, named of those that it denies: \(found.named)"
      case .poisoned where found.named < found.groupSize:
        "poison, and easy images that are kept less surely, named: \(found.named)"
      case .recognized: "named, by what the surest of those have in common: \(found.named)"
      case .poisoned, .foretold, .triggered: "named: \(found.named)"
      }
    if found.state == .foretold {
      return
        "\(names[found.label]): of \(found.size) images \(found.groupSize) are marked: something in them foretells, "
        + "to a network that has not seen them, that their label contradicts them; the check network agrees with "
        + "\(NumberFormat.percent(found.agreement)) of those (of the others with "
        + "\(NumberFormat.percent(found.usualAgreement))): \(judgement)"
    }
    if found.state == .triggered {
      return
        "\(names[found.label]): of \(found.size) images \(found.groupSize) have a pattern in common that the others do "
        + "not have; with it on them, the network takes \(NumberFormat.percent(found.transplanted)) of images of other "
        + "classes for this one: \(judgement)"
    }
    let mark =
      found.mark > 0
      ? ", with what denied ones have alike on \(NumberFormat.percent(found.mark)) of the picture put on them" : ""
    let others =
      found.size > found.groupSize
      ? "of the others with \(NumberFormat.percent(found.usualAgreement))\(mark)" : "there are no others"
    return
      "\(names[found.label]): of \(found.size) images \(found.groupSize) keep their label; the check network agrees "
      + "with \(NumberFormat.percent(found.agreement)) of those (\(others)): \(judgement)"
  }

  private func text(_ reason: Verdict.Reason) -> String {
    switch reason {
    case .tooFewImages(let count, let needed):
      "there \(count == 1 ? "is 1 image" : "are \(count) images"); with fewer than \(needed) a network learns too "
        + "little to tell"
    case .oneClass: "all images have the same label, so that there is nothing to be confused with"
    case .equalImages: "all images are the same one"
    case .noBase: "every image keeps its label, so that no others are left to hold it against"
    case .nothingLearned(let accuracy, let guessing):
      "the check network learned nothing: it is right for \(NumberFormat.percent(accuracy)) of its own images, and "
        + "guessing would be for \(NumberFormat.percent(guessing))"
    case .smallClasses(let labels, let needed):
      "of \(list(labels)) there are fewer than \(needed) images, too few to judge"
    case .tooFewVotes(let count, let needed):
      "no image is named by more than \(count) of the joined verdicts, and \(needed) are asked for"
    case .doubtfulClasses(let labels):
      "the check network agrees with some of the suspect labels of \(list(labels)), and with some not"
    }
  }

  private func list(_ labels: [Int]) -> String {
    labels.map { "'\(names[$0])'" }.listed()
  }
}
