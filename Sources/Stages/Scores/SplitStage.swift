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
///     /suspect_names  text [poisoned]  the paths of their files, where images are files
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
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Decides between samples with equal scores.")
  static let allowsEmpty = Parameter.flag(
    "allow-empty", default: false, "Whether a share of a few samples may be none of them.")

  static let declaration = StageDeclaration(
    kind: "split", version: 2,
    summary: "Divides the training set into clean, uncertain and poisoned by rank of the scores.",
    inputs: [scores, images],
    parameters: [
      clean.declaration, poisoned.declaration, select.declaration, seed.declaration,
      allowsEmpty.declaration,
    ],
    output: .split)

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
      cleanShare: context[clean], poisonedShare: context[poisoned], selection: context[select],
      seed: UInt64(context[seed]), allowsEmpty: context[allowsEmpty])
    let split = try splitter.split(scores: scores, labels: images.labels)
    let ranking = splitter.ranking(of: scores)
    try write(split, ranking: ranking, images: images, to: context.output)
    describe(split, scores: scores, images: images, context)
  }

  private static func write(
    _ split: SampleSplit, ranking: [Int], images: ImageSet, to file: HDF5.File
  ) throws {
    func sizes(_ flag: SampleSplit.Flag) -> [Int] {
      split.classSizes(of: flag, labels: images.labels, classCount: images.classCount)
    }
    try file.root.write(
      split.flags.map(\.rawValue), to: "flags",
      attributes: ["axes": "image", "meaning": "0: clean; 1: uncertain; 2: poisoned"])
    let suspects = ranking.reversed().filter { split.flags[$0] == .poisoned }
    try file.root.write(
      suspects, to: "suspects",
      attributes: [
        "meaning": "indices of the samples named poisoned, the most suspicious first"
      ])
    try ImageArtifact.writeNames(of: suspects, in: images, to: file)
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

  /// Tells the sizes. Looks at scores and given labels only.
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
    context.note(
      "\(NumberFormat.percent(context[self.poisoned])) of the set are named poisoned whatever the scores are, "
        + "backdoor or not: that samples are among them does not say that they are poisoned")
    warn(of: split, scores: scores, images: images, context)
  }

  /// Warns of what makes a split doubtful. Looks at scores and given labels only.
  private static func warn(
    of split: SampleSplit, scores: [Double], images: ImageSet, _ context: StageContext
  ) {
    let names = images.classNames
    let clean = split.classSizes(of: .clean, labels: images.labels, classCount: names.count)
    let zeros = scores.count { $0 == 0 }
    if zeros > clean.reduce(0, +) {
      context.warn(
        "\(zeros) scores (\(NumberFormat.percent(Double(zeros) / Double(scores.count)))) are exactly zero: "
          + "the score does not tell these samples apart"
          + (context[select] == .zeros
            ? ""
            : ", and which of them are named clean was decided by 'seed'; 'select = zeros' takes them all"))
    }
    let missing = zip(names, clean).filter { name, count in count == 0 }.map(\.0)
    if !missing.isEmpty {
      context.warn(
        "no sample of \(missing.listed(more: "more classes")) is named clean: a repair would forget such a class"
          + (context[select] == .balanced ? "" : "; 'select = balanced' takes the same share of each"))
    }
    let shortfalls = ShortfallText(
      split.shortfalls, classNames: names, eligible: RankSplitter.eligibleShare(cleanShare: context[self.clean]))
    shortfalls.warnings.forEach { context.warn($0) }
  }
}

extension CleanSelection: ParameterWord {
  package var summary: String {
    switch self {
    case .rank: "the least suspicious share"
    case .balanced:
      "the same number, as many of each given class, none of them in the more suspicious "
        + "half of what 'rank' would not take"
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
