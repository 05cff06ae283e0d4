import Compute
import Detection
import Images
import Networks
import Pipelines
import Reports

/// The networks of a stage of kind `contradiction`, and what is made of them.
struct ContradictionSearch {
  private typealias Stage = ContradictionStage
  private let context: StageContext
  private let images: ImageSet
  private let predictions: [Int]
  private let contradicts: [Bool]
  private let rule: ContradictionRule
  private let seed: UInt64
  /// The check network.
  private let model: ModelArtifact

  private static let batch = 128

  /// - Parameter predictions: what the check network takes each image for, `[count]`.
  init(_ context: StageContext, images: ImageSet, predictions: [Int]) throws {
    self.context = context
    self.images = images
    self.predictions = predictions
    contradicts = zip(predictions, images.labels).map { $0 != $1 }
    rule = Stage.rule(context)
    seed = Stage.seed(Stage.seed, in: context)
    model = try ModelArtifact.read(
      context.open(Stage.check), capacity: Self.batch, context: ExecutionContext(pool: context.pool))
  }

  func finding() throws -> ContradictionFinding {
    guard let isConfident = try rule.confident(confidences(), contradicts: contradicts, seed: seed) else {
      context.note(
        "there are too few images that the check network is sure of and mostly right about: no label can be held "
          + "against it")
      return ContradictionFinding(notAsked: images.count)
    }
    guard let halves = try halves() else {
      context.note("most of the images look alike: they cannot be divided")
      return ContradictionFinding(notAsked: images.count)
    }
    let results = try TrainingSequence(context: context, unit: "tenth").run {
      try training(after: $0, isConfident: isConfident, halves: halves)
    } result: { loop, before in
      try judged(by: loop.network, half: before.count % ContradictionRecipe.halves, of: halves)
    }
    guard let first = scores(ofPass: 0, results) else {
      context.note("too few labels contradict their images to learn from")
      return ContradictionFinding(notAsked: images.count)
    }
    let evidence = rule.evidence(first, contradicts: contradicts, members: isConfident, seed: seed)
    let passes = results.count / ContradictionRecipe.halves
    let last = scores(ofPass: passes - 1, results) ?? first
    context.note(text(evidence))
    let isFound = evidence.isFound && rule.confirms(last, contradicts: contradicts)
    if evidence.isFound && !isFound { context.note("what is marked in the end does not: nothing was found") }
    return ContradictionFinding(
      scores: last, contradicts: contradicts, isConfident: isConfident, evidence: evidence, isFound: isFound)
  }

  /// How sure the check network is of what it takes each image for.
  private func confidences() throws -> [Double] {
    try Inference.labelProbabilities(
      of: model.network, over: model.assembler(for: images.replacing(labels: predictions))
    ) { try context.step($0.upperBound, of: images.count, "images") }
  }

  /// By what the check network sees in the images and in their mirror images.
  private func halves() throws -> [Int]? {
    let length = model.network.output(.features).length
    let features = FloatBuffer(count: images.count * length)
    let assembler = try model.assembler(for: images)
    let mirrored = Inference.View.transformed(RandomTransformation(.flip, then: nil), seed: seed, draw: 0)
    for view in [.plain, mirrored] {
      try Inference.run(model.network, over: Array(images.labels.indices), of: assembler, view: view) {
        range, values, _ in
        let target = features.pointer + range.lowerBound * length
        for offset in 0..<range.count * length { target[offset] += values[offset] }
        try context.step(range.upperBound, of: images.count, "images")
      }
    }
    let groups = Lookalikes.groups(
      features: features, count: images.count, length: length, from: context[Stage.alike], pool: context.pool)
    return Lookalikes.halves(keeping: groups, seed: seed)
  }

  /// The next network, if any; the first of a pass depends on the passes before, the others only on their half.
  private func training(after results: [[Double]], isConfident: [Bool], halves: [Int]) throws -> TrainingLoop? {
    let (pass, half) = results.count.quotientAndRemainder(dividingBy: ContradictionRecipe.halves)
    let before = scores(ofPass: pass - 1, results)
    if pass >= context[Stage.passes] { return nil }
    if pass == 1, let before,
      !rule.evidence(before, contradicts: contradicts, members: isConfident, seed: seed).isFound
    {
      return nil
    }
    let targets = rule.targets(
      pass: pass, scores: before ?? [], contradicts: contradicts, isConfident: isConfident, seed: seed)
    guard let members = ContradictionRecipe.members(targets: targets, halves: halves, half: half) else { return nil }
    let recipe = OneCycleRecipe(
      steps: TrainingSteps.scaled(
        context[pass == 0 ? Stage.steps : Stage.laterSteps], images: images.count),
      batch: context[Stage.batch], learningRate: context[Stage.learningRate])
    let network = try network(capacity: recipe.batch, seed: networkSeed(results.count))
    return TrainingLoop(
      network: network, passes: [recipe.pass(over: try assembler(labels: targets.map { $0 ?? 0 }), members: members)],
      epochs: OneCycleRecipe.sections,
      step: GradientStep(
        StochasticGradientDescent(momentum: context[Stage.momentum], weightDecay: context[Stage.weightDecay])),
      seed: networkSeed(results.count))
  }

  /// Of the half that a network was not trained on the probability that the label contradicts; of others 0.
  private func judged(by network: Network, half: Int, of halves: [Int]) throws -> [Double] {
    let marked = try assembler(labels: images.labels.map { _ in 1 })
    let found = try Inference.labelProbabilities(of: network, over: marked) {
      try context.step($0.upperBound, of: images.count, "images")
    }
    return found.indices.map { halves[$0] == half ? found[$0] : 0 }
  }

  /// Each image's by the network that has not seen it; `nil` where the pass was not completed.
  private func scores(ofPass pass: Int, _ results: [[Double]]) -> [Double]? {
    let range = pass * ContradictionRecipe.halves..<(pass + 1) * ContradictionRecipe.halves
    guard pass >= 0, range.upperBound <= results.count else { return nil }
    return images.labels.indices.map { index in results[range].reduce(0) { $0 + $1[index] } }
  }

  private func assembler(labels: [Int]) throws -> BatchAssembler {
    let set = try ImageSet(
      pixels: images.pixels, shape: images.shape, labels: labels, classNames: ContradictionRecipe.classNames,
      origin: images.origin)
    return BatchAssembler(images: set, normalization: model.normalization)
  }

  private func network(capacity: Int, seed: UInt64) throws -> Network {
    let like = model.description
    let description = ModelDescription(
      architecture: like.architecture, width: like.width, stem: like.stem,
      classes: ContradictionRecipe.classNames.count, image: like.image)
    let plan = description.plan
    try MemoryGuard.require(plan, of: description, capacity: capacity, trainingAt: [.logits])
    let network = Network(plan, capacity: capacity, context: ExecutionContext(pool: context.pool))
    network.initialize(seed: seed)
    return network
  }

  private func networkSeed(_ index: Int) -> UInt64 {
    Stage.seed(Stage.seed, in: context, stream: index + 1)
  }

  private func text(_ evidence: ContradictionEvidence) -> String {
    let share = NumberFormat.percent(Double(evidence.contradicted) / Double(max(evidence.size, 1)))
    return "of the \(evidence.size) images of whose labels it is foretold most surely that they contradict them "
      + "\(share) do, of all that the check network is sure of \(NumberFormat.percent(evidence.usual)): "
      + (evidence.isFound ? "something in the images foretells it" : "nothing foretells it")
  }
}
