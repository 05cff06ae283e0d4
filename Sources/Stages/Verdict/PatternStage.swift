import Compute
import Detection
import HDF5
import Images
import Networks
import Pipelines
import Reports

/// Looks in each class for a pattern that part of it has, and puts it on images of other classes: what then makes the
/// first network take those for this class is a trigger (see `PatternSearch`, `PatternRule`).
///
/// No network is trained. It finds triggers that look the same in every image: patches at one place, blended pictures
/// and noise, sinusoids; also where the confusion rounds have forgotten some of the poison.
///
/// Output: see `ScoresArtifact`, with `PatternFinding`; and where triggers were found, images with and without the first
/// of them (`ExampleArtifact`).
enum PatternStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, .controlledImages, count: .one, "The training set.")
  static let model = InputDeclaration("model", .model, count: .one, "The network that was trained on it as it is.")
  static let scores = InputDeclaration(
    "scores", .scores, count: .many, "Of each class, the search starts at the images with the highest of these.")

  private static let usual = PatternRule()
  static let separation = Parameter.real(
    "separation", in: 0...1e6, default: usual.leastSeparation,
    "How far those with a pattern must lie from those without, in standard deviations.")
  static let transplanted = Parameter.share(
    "transplanted", in: 0...1, default: usual.leastTransplanted,
    "Of other images with the pattern on them at least so many must be taken for the class, for certain (95%).")
  static let strength = Parameter.real(
    "strength", in: 0.001...1000, default: usual.strength,
    "How strong it is put on them at least, as a multiple of what images show at that frequency (root mean squares).")
  static let variety = Parameter.share(
    "variety", in: 0...1, default: usual.leastVariety,
    "How unlike each other those with a pattern must be, as a share of how unlike those without it are.")
  static let others = Parameter.integer(
    "others", in: usual.fewestImages...1_000_000, default: usual.images, unit: "images",
    "How many others it is put on.")
  static let fewest = Parameter.integer(
    "fewest", in: 1...1_000_000, default: usual.fewest, unit: "images", "How many must have the pattern, at least.")
  static let fewestShare = Parameter.share(
    "fewest-share", in: 0...1, default: usual.fewestShare, "And how many, at least, as a share of all images.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Chooses the halves of each class and the other images.")

  static let declaration = StageDeclaration(
    kind: "shared-pattern", version: 4,
    summary: "Looks for a pattern that part of a class shares, and that makes other images this class.",
    inputs: [images, model, scores],
    parameters: [
      separation.declaration, transplanted.declaration, strength.declaration, variety.declaration, others.declaration,
      fewest.declaration, fewestShare.declaration, seed.declaration,
    ], output: .scores)

  private static let batch = 128
  /// Classes that are searched before the stage asks whether to stop.
  private static let together = 16
  /// Images whose high frequencies are measured.
  private static let measured = 500

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let rows = try rows(images, context)
    try ScoresArtifact(
      name: declaration.kind, values: PatternFinding(rows, count: images.count).probabilities,
      unit: "probability that the image has the trigger of its class; 0 where none was found"
    ).write(to: context.output)
    try PatternFinding.write(rows, images.shape, to: context.output)
    guard let first = rows.first(where: \.isTrigger)?.pattern else {
      context.note("no class has a pattern that makes other images this class")
      return
    }
    let seed = seed(seed, in: context)
    try ExampleArtifact.write(
      Array(others(than: first.label, in: images, seed: seed).prefix(ExampleArtifact.count)).sorted(),
      before: { images[$0] },
      after: { Image(pixels: first.added(to: images[$0].pixels, factor: 1), shape: images.shape) }, to: context.output)
    for row in rows where row.isTrigger {
      context.note(
        "\(images.classNames[row.pattern.label].printable): \(row.pattern.owners.count) images have a pattern in common; "
          + "of \(row.tried) others with it on them the network takes \(NumberFormat.percent(row.share)) for this class")
    }
  }

  private static func rows(_ images: ImageSet, _ context: StageContext) throws -> [PatternFinding.Row] {
    let starts = try context.openAll(scores).map { try ScoresArtifact.readValues($0.file) }
    for start in starts where start.count != images.count {
      throw ArtifactError.differentCounts("scores", start.count, "labels", images.count)
    }
    let model = try ModelArtifact.read(
      context.open(model), capacity: batch, context: ExecutionContext(pool: context.pool))
    let (seed, rule) = (seed(seed, in: context), rule(context))
    let search = PatternSearch(images, seed: seed, pool: context.pool)
    let measured = Ranking.order(of: images.labels.map { _ in 0 }, seed: seed).prefix(measured)
    let strength = search.strength(of: Array(measured))
    let classes = Set(images.labels).sorted()
    var patterns: [Int: SharedPattern] = [:]
    for start in stride(from: 0, to: classes.count, by: together) {
      try context.step(start, of: classes.count, "classes")
      let some = Array(classes[start..<min(start + together, classes.count)])
      patterns.merge(search.patterns(of: some, from: starts, seed: seed, pool: context.pool)) { $1 }
    }
    return try classes.compactMap { label in
      guard let pattern = patterns[label] else { return nil }
      guard rule.isClear(pattern, total: images.count), pattern.strength > 0 else {
        return PatternFinding.Row(pattern: pattern)
      }
      // What copies of one image have in common is all that it shows.
      guard search.variety(of: pattern, seed: seed) >= rule.leastVariety else {
        let count = min(pattern.owners.count, pattern.members.count - pattern.owners.count)
        context.note("\(images.classNames[label].printable): \(count) images are copies of each other, or nearly")
        return PatternFinding.Row(pattern: pattern)
      }
      let others = try others(than: label, in: images, seed: seed, count: rule.images, by: model)
      let factor = max(1, rule.strength * strength / pattern.strength)
      // What part of a class has may also be that it lacks what the rest has.
      let rows = try [pattern, pattern.reversed].map { pattern in
        let taken = try taken(others.map { pattern.added(to: images[$0].pixels, factor: factor) }, images, by: model)
        let count = taken.count { $0 == label }
        return PatternFinding.Row(
          pattern: pattern, tried: others.count, transplanted: count,
          isTrigger: rule.isTrigger(pattern, transplanted: count, of: others.count, total: images.count))
      }
      return rows[1].transplanted > rows[0].transplanted ? rows[1] : rows[0]
    }
  }

  /// Images of other classes, in an order that is drawn.
  private static func others(than label: Int, in images: ImageSet, seed: UInt64) -> [Int] {
    Ranking.order(of: images.labels.map { _ in 0 }, seed: seed).filter { images.labels[$0] != label }
  }

  /// Some of them that the network does not take for the class as they are.
  private static func others(
    than label: Int, in images: ImageSet, seed: UInt64, count: Int, by model: ModelArtifact
  ) throws -> [Int] {
    let drawn = others(than: label, in: images, seed: seed).prefix(2 * count)
    let taken = try Inference.predictions(of: model.network, over: Array(drawn), of: model.assembler(for: images))
    return Array(zip(drawn, taken).filter { $0.1 != label }.map(\.0).prefix(count))
  }

  /// What the network takes other images for.
  private static func taken(_ changed: [[UInt8]], _ images: ImageSet, by model: ModelArtifact) throws -> [Int] {
    let set = try ImageSet(
      pixels: Array(changed.joined()), shape: images.shape, labels: changed.map { _ in 0 },
      classNames: images.classNames, origin: images.origin)
    return try Inference.predictions(of: model.network, over: Array(changed.indices), of: model.assembler(for: set))
  }

  private static func rule(_ context: StageContext) -> PatternRule {
    var rule = PatternRule()
    rule.leastSeparation = context[separation]
    rule.leastTransplanted = context[transplanted]
    rule.strength = context[strength]
    rule.leastVariety = context[variety]
    rule.images = context[others]
    rule.fewest = context[fewest]
    rule.fewestShare = context[fewestShare]
    return rule
  }
}
