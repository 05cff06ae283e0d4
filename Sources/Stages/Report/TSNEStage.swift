import Compute
import Detection
import Images
import Networks
import Pipelines
import Reports

/// Features of some training images in the plane, before and after the images are transformed (figure 1 of
/// the paper): where a trigger rules the features, poisoned images lie together before and are scattered
/// after.
///
/// The images are drawn at random from a few classes. Both their features are embedded together by exact
/// t-SNE, so that the two pictures are of one plane.
///
/// Output: see `EmbeddingArtifact`.
enum TSNEStage: Stage {
  static let split = InputDeclaration(
    "split", .split, .verdict, count: .optional, "What samples are taken for, to choose the classes by.")
  static let classes = Parameter.integer(
    "classes", in: 1...1000, default: 3,
    "From how many classes: those with the most samples named poisoned, then those with the most samples.")
  static let samples = Parameter.integer(
    "samples", in: 2...1000, default: 500, "How many images, of the classes together; each gives two points.")
  static let perplexity = Parameter.real(
    "perplexity", in: 2...200, default: 30, "About how many neighbours of a point count.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Chooses the images and the random transformations.")

  private static let (first, second) = (FeatureConsistencyStage.first, FeatureConsistencyStage.second)

  static let declaration = StageDeclaration(
    kind: "tsne", version: 1,
    summary: "Brings features into the plane (t-SNE), before and after a transformation.",
    inputs: [ScoreInputs.images, ScoreInputs.model, split],
    parameters: [
      first.declaration, second.declaration, classes.declaration, samples.declaration, perplexity.declaration,
      seed.declaration,
    ], output: .embedding)

  static let steps = 1000

  static func run(_ context: StageContext) throws {
    let (images, model) = try ScoreInputs.read(context)
    let flags = try context.openIfGiven(split).map { try SplitArtifact($0).split.flags }
    let chosen = try chosenSamples(of: images, flags: flags, context)
    let transformation = RandomTransformation(context[first], then: context[second].kind)
    let assembler = try model.assembler(for: images)
    let length = model.network.output(.features).length
    var rows: [Double] = []
    for view in [
      Inference.View.plain, .transformed(transformation, seed: seed(seed, in: context), draw: 0),
    ] {
      try Inference.run(model.network, over: chosen, of: assembler, view: view) { range, features, _ in
        for (row, index) in chosen[range].enumerated() {
          let values = UnsafeBufferPointer(start: features + row * length, count: length)
          guard values.allSatisfy(\.isFinite) else {
            throw InferenceError.notFinite(image: index, label: images.labels[index])
          }
          rows += values.map(Double.init)
        }
        if context.shouldStop { throw StageInterrupted() }
      }
    }
    let embedding = NeighbourEmbedding(
      perplexity: context[perplexity], steps: steps, seed: seed(seed, in: context, stream: 1))
    let found = try embedding(rows, length: length, pool: context.pool) { done in
      try context.step(done, of: steps, "steps")
    }
    let points = (0..<(2 * chosen.count)).map { ChartPoint(found.points[2 * $0], found.points[2 * $0 + 1]) }
    let words = [context[first].rawValue, context[second].rawValue].filter { $0 != "none" }
    try EmbeddingArtifact(
      indices: chosen, before: Array(points.prefix(chosen.count)), after: Array(points.dropFirst(chosen.count)),
      transformation: words.joined(separator: ", then ")
    ).write(
      to: context.output,
      properties: [
        "perplexity": .double(context[perplexity]), "divergence": .double(found.divergence),
        "feature_length": .integer(length),
      ])
    context.note("\(chosen.count) images, divergence \(NumberFormat.significant(found.divergence))")
  }

  /// Images of the classes that are shown, ascending.
  ///
  /// - Throws: `ArtifactError` where the flags are of another set.
  private static func chosenSamples(
    of images: ImageSet, flags: [SampleSplit.Flag]?, _ context: StageContext
  ) throws -> [Int] {
    if let flags, flags.count != images.count {
      throw ArtifactError.differentCounts("flags", flags.count, "images", images.count)
    }
    var (sizes, named) = (
      [Int](repeating: 0, count: images.classCount), [Int](repeating: 0, count: images.classCount)
    )
    for (index, label) in images.labels.enumerated() {
      sizes[label] += 1
      if flags?[index] == .poisoned { named[label] += 1 }
    }
    let shown = Set(
      sizes.indices.sorted { (named[$1], sizes[$1], $0) < (named[$0], sizes[$0], $1) }
        .prefix(context[classes]))
    let members = images.labels.indices.filter { shown.contains(images.labels[$0]) }
    var stream = RandomStream(seed: seed(seed, in: context), purpose: RandomPurpose("t-SNE samples"))
    return stream.permutation(of: members.count).prefix(context[samples]).map { members[$0] }.sorted()
  }
}
