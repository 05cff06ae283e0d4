import Defenses
import Detection
import HDF5
import Images
import Pipelines
import Reports

/// Divides the training set by its scores: clean, poisoned, and uncertain in between (method 4.5).
///
/// Output:
///
///     /flags     uint8 [count]      0 clean, 1 uncertain, 2 poisoned
///     /suspects  int64 [poisoned]   indices of the samples named poisoned, most suspicious first
///     attributes clean_threshold, poisoned_threshold, clean_count, uncertain_count, poisoned_count,
///     clean_class_sizes, poisoned_class_sizes of the root
enum SplitStage: Stage {
  static let scores = InputDeclaration("scores", .scores, count: .one, "The scores.")
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one, "The training set, for its given labels.")
  static let clean = Parameter.share(
    "clean", in: 0.0001...0.99, default: 0.2, "Share of the set that is named clean (alpha_c).")
  static let poisoned = Parameter.share(
    "poisoned", in: 0.0001...0.99, default: 0.05,
    "Share of the set that is named poisoned (alpha_p).")
  static let select = Parameter<CleanSelection>.choice(
    "select", default: .rank, "Which samples are named clean.")

  static let declaration = StageDeclaration(
    kind: "split", version: 1,
    summary: "Divides the training set into clean, uncertain and poisoned by rank of the scores.",
    inputs: [scores, images],
    parameters: [clean.declaration, poisoned.declaration, select.declaration], output: .split)

  static func problems(with parameters: [String: ParameterValue]) -> [String] {
    clean.value(in: parameters) + poisoned.value(in: parameters) > 1
      ? ["the shares 'clean' and 'poisoned' add up to more than the whole set"] : []
  }

  static func run(_ context: StageContext) throws {
    let scores = try ScoresArtifact.readValues(context.open(scores))
    let images = try ImageArtifact.read(context.open(images))
    guard scores.count == images.count else {
      throw ArtifactError.differentCounts("scores", scores.count, "labels", images.count)
    }
    let splitter = RankSplitter(
      cleanShare: context[clean], poisonedShare: context[poisoned], selection: context[select])
    let split = try splitter.split(scores: scores, labels: images.labels)
    try write(split, scores: scores, images: images, to: context.output)
    describe(split, scores: scores, images: images, context)
  }

  private static func write(
    _ split: SampleSplit, scores: [Double], images: ImageSet, to file: HDF5.File
  ) throws {
    func sizes(_ flag: SampleSplit.Flag) -> [Int] {
      split.classSizes(of: flag, labels: images.labels, classCount: images.classCount)
    }
    try file.root.write(
      split.flags.map(\.rawValue), to: "flags",
      attributes: ["axes": "image", "meaning": "0: clean; 1: uncertain; 2: poisoned"])
    let suspects = split.indices(of: .poisoned).sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    try file.root.write(
      suspects, to: "suspects",
      attributes: [
        "meaning": "indices of the samples named poisoned, the most suspicious first"
      ])
    try file.root.setAttributes([
      "clean_threshold": .double(split.cleanThreshold),
      "poisoned_threshold": .double(split.poisonedThreshold),
      "clean_count": .integer(sizes(.clean).reduce(0, +)),
      "uncertain_count": .integer(sizes(.uncertain).reduce(0, +)),
      "poisoned_count": .integer(sizes(.poisoned).reduce(0, +)),
      "class_names": .strings(images.classNames),
      "clean_class_sizes": .integers(sizes(.clean)),
      "poisoned_class_sizes": .integers(sizes(.poisoned)),
    ])
  }

  /// Tells the sizes, and warns of what makes a split doubtful. Looks at scores and given labels only.
  private static func describe(
    _ split: SampleSplit, scores: [Double], images: ImageSet, _ context: StageContext
  ) {
    let names = images.classNames
    let clean = split.classSizes(of: .clean, labels: images.labels, classCount: names.count)
    let poisoned = split.classSizes(of: .poisoned, labels: images.labels, classCount: names.count)
    context.note(
      "named clean: \(clean.reduce(0, +)) with scores up to \(NumberFormat.significant(split.cleanThreshold)); "
        + "named poisoned: \(poisoned.reduce(0, +)) with scores from "
        + NumberFormat.significant(split.poisonedThreshold))
    context.note("given labels of the clean: \(NumberFormat.counts(clean, of: names))")
    context.note("given labels of the poisoned: \(NumberFormat.counts(poisoned, of: names))")

    let zeros = scores.count { $0 == 0 }
    if zeros > clean.reduce(0, +) {
      context.warn(
        "\(zeros) scores (\(NumberFormat.percent(Double(zeros) / Double(scores.count)))) are exactly zero: "
          + "features have collapsed, and which of these samples are named clean was decided by their "
          + "order (\(context[select].rawValue)); 'select = zeros' takes them all")
    }
    let missing = zip(names, clean).filter { name, count in count == 0 }.map(\.0)
    if !missing.isEmpty {
      context.warn(
        "no sample of \(missing.joined(separator: ", ")) is named clean: a repair would forget such a "
          + "class; 'select = balanced' takes the same share of each")
    }
    let mean = { (flag: SampleSplit.Flag) in
      let indices = split.indices(of: flag)
      return indices.reduce(0) { $0 + scores[$1] } / Double(max(indices.count, 1))
    }
    let (suspect, rest) = (mean(.poisoned), mean(.uncertain))
    if rest > 0 && suspect < 3 * rest {
      context.warn(
        "the samples named poisoned score only \(NumberFormat.significant(suspect / rest)) times the uncertain ones "
          + "on average: there may be no backdoor, or none that this score can see")
    }
  }
}

extension CleanSelection: ParameterWord {
  public var summary: String {
    switch self {
    case .rank: "the least suspicious share; among equals those that come first"
    case .balanced: "the least suspicious share of each given class, all of the same size"
    case .zeros: "as rank, and all samples with a score of exactly zero"
    case .published: "the authors' rule: all at or below the score at that rank, with all ties"
    }
  }
}

/// What `SplitStage` wrote.
struct SplitArtifact {
  let split: SampleSplit

  init(_ file: HDF5.File) throws {
    let flags = try file.root.read("flags", as: UInt8.self).map { value in
      guard let flag = SampleSplit.Flag(rawValue: value) else {
        throw ArtifactError.unknownWord("\(value)", attribute: "flags", in: file.path)
      }
      return flag
    }
    split = SampleSplit(
      flags: flags, cleanThreshold: try file.root.attribute("clean_threshold"),
      poisonedThreshold: try file.root.attribute("poisoned_threshold"))
  }
}
