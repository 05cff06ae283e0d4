import Attacks
import HDF5
import Images
import Networks
import Pipelines
import Reports

/// Perturbs the images of a class so that a benign model takes them for something else, by projected gradient
/// ascent (method 3.8): what the attack `cl` is made on.
///
/// Output: see `PerturbedArtifact`, with some of the images before and after (`ExampleArtifact`) and
///
///     attributes accuracy_before, accuracy_after of the root   share of the images that the model takes for
///                                                              what they are
enum PerturbStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one, "The set; the same that is poisoned then.")
  static let model = InputDeclaration(
    "model", .model, count: .one, "A model that was trained on clean images.")

  static let target = Parameter.integer(
    "target", in: 0...99_999, default: 0, "The class whose images are perturbed.")
  static let reach = Parameter.real(
    "epsilon", in: 0.001...255, default: 8, unit: "grey levels", "The most that a value may change by.")
  static let step = Parameter.real(
    "step", in: 0.001...255, default: 2, unit: "grey levels", "What a step changes a value by.")
  static let steps = Parameter.integer(
    "steps", in: 1...10_000, default: 4, unit: "steps", "How many steps are taken.")
  static let start = Parameter<Start>.choice("start", default: .random, "Where the steps begin.")
  static let overflow = Parameter<Overflow>.choice(
    "overflow", default: .saturate, "What becomes of values below 0 or above 255.")
  static let view = Parameter<View>.choice(
    "view", default: .normalized, "How the model sees the images.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "With `start = random`: chooses the changes.")

  static let declaration = StageDeclaration(
    kind: "perturb", version: 1,
    summary: "Perturbs images of a class against a benign model (for the attack cl).",
    inputs: [images, model],
    parameters: [
      target.declaration, reach.declaration, step.declaration, steps.declaration, start.declaration,
      overflow.declaration, view.declaration, seed.declaration,
    ], output: .perturbedImages)

  private static let batch = 128

  static func run(_ context: StageContext) throws {
    let set = try ImageArtifact.read(context.open(images))
    guard context[target] < set.classCount else {
      throw AttackError.targetOutOfRange(context[target], classCount: set.classCount)
    }
    let model = try ModelArtifact.read(
      context.open(model), capacity: batch, context: ExecutionContext(pool: context.pool),
      trainingAt: [.logits])
    let assembler = try model.assembler(for: set)
    let indices = set.labels.indices.filter { set.labels[$0] == context[target] }
    guard !indices.isEmpty else {
      throw ArtifactError.emptySet("class '\(set.classNames[context[target]])'", of: "perturb")
    }
    let right = try Inference.predictions(of: model.network, over: indices, of: assembler)
    let pixels = try perturbed(indices, of: set, against: model, context)
    let perturbed = try set.subset(indices).replacing(
      labels: indices.map { set.labels[$0] }, pixels: pixels)
    try PerturbedArtifact.write(
      PerturbedImages(images: perturbed, indices: indices), of: set, to: context.output)
    try ExampleArtifact.write(
      Array(indices.indices), before: { set[indices[$0]] }, after: { perturbed[$0] }, to: context.output)
    let wrong = try Inference.predictions(
      of: model.network, over: Array(indices.indices), of: model.assembler(for: perturbed))
    func share(_ predictions: [Int]) -> Double {
      Double(predictions.count { $0 == context[target] }) / Double(indices.count)
    }
    try context.output.root.setAttributes([
      "accuracy_before": .double(share(right)), "accuracy_after": .double(share(wrong)),
    ])
    context.note(
      "\(indices.count) images of '\(set.classNames[context[target]])' perturbed; the model takes "
        + "\(NumberFormat.percent(share(right))) of them for what they are, and then "
        + "\(NumberFormat.percent(share(wrong)))")
  }

  /// The perturbed pixels of all images, from the last checkpoint on where there is one.
  private static func perturbed(
    _ indices: [Int], of set: ImageSet, against model: ModelArtifact, _ context: StageContext
  ) throws -> [UInt8] {
    let perturbation = ProjectedGradient(
      reach: context[reach], step: context[step], steps: context[steps],
      startsAtRandom: context[start] == .random, overflow: context[overflow],
      isNormalized: context[view] == .normalized, seed: seed(seed, in: context))
    let differentiable = DifferentiableModel(model.network, normalization: model.normalization)
    var pixels: [UInt8] = []
    if let checkpoint = try context.checkpoints.latest() {
      pixels = try checkpoint.root.read("pixels")
      try checkpoint.close()
    }
    while pixels.count < indices.count * set.shape.count {
      let done = pixels.count / set.shape.count
      let members = indices[done..<min(done + batch, indices.count)]
      pixels += perturbation.perturbed(members, of: set, against: differentiable)
      context.report(
        StageProgress(done: done + members.count, total: indices.count, label: "images"))
      if done + members.count == indices.count { break }
      if context.shouldStop || context.checkpoints.isDue {
        try context.checkpoints.save(label: "image \(done + members.count) of \(indices.count)") {
          try $0.root.write(pixels, to: "pixels")
        }
      }
      if context.shouldStop { throw StageInterrupted() }
    }
    return pixels
  }

  enum Start: String, ParameterWord {
    case random, image

    var summary: String {
      switch self {
      case .random: "at changes that are uniform within epsilon (published)"
      case .image: "at the image"
      }
    }
  }

  enum View: String, ParameterWord {
    case normalized, raw

    var summary: String {
      switch self {
      case .normalized: "as it was trained to"
      case .raw: "as values from 0 to 1, as in the published code"
      }
    }
  }
}

extension Overflow: ParameterWord {}
