import Compute
import Detection
import Foundation
import HDF5
import Images
import Networks
import Pipelines

/// The networks of a stage of kind `recognition`, one for each part of the set, in every round.
struct RecognitionNetworks {
  private typealias Stage = RecognitionStage
  private let context: StageContext
  private let images: ImageSet
  /// Trained on the set.
  private let first: ModelArtifact

  private static let inferenceBatch = 128

  init(_ context: StageContext, images: ImageSet) throws {
    self.context = context
    self.images = images
    first = try ModelArtifact.read(
      context.open(Stage.model), capacity: 1, context: ExecutionContext(pool: context.pool))
    // That it fits the images.
    _ = try first.assembler(for: images)
  }

  /// From before the first round to after the last one.
  func finishing(_ start: RecognitionRounds) throws -> RecognitionRounds {
    let count = context[Stage.parts]
    let results = try TrainingSequence(context: context, unit: "tenth").run { results in
      let rounds = start.adding(results)
      return rounds.classes.isEmpty ? nil : try training(rounds, without: results.count % count, after: results.count)
    } result: { loop, before in
      try judged(by: loop.network, start.adding(before), part: before.count % count)
    }
    return start.adding(results)
  }

  private func training(_ rounds: RecognitionRounds, without part: Int, after trained: Int) throws -> TrainingLoop {
    let (targets, classes) = (rounds.targets, rounds.classes)
    let recipe = OneCycleRecipe(
      steps: TrainingSteps.scaled(context[Stage.steps], images: images.count), batch: context[Stage.batch],
      learningRate: context[Stage.learningRate])
    let members = targets.indices.filter { targets[$0] != nil && rounds.parts[$0] != part }
    let set = try ImageSet(
      pixels: images.pixels, shape: images.shape, labels: targets.map { $0 ?? 0 },
      classNames: images.classNames + classes.map { "\(images.classNames[$0]), suspects" }, origin: images.origin)
    let seed = Stage.seed(Stage.seed, in: context, stream: trained + 1)
    return TrainingLoop(
      network: try network(asking: classes, capacity: max(recipe.batch, Self.inferenceBatch)),
      passes: [
        recipe.pass(over: BatchAssembler(images: set, normalization: first.normalization), members: members)
      ],
      epochs: OneCycleRecipe.sections,
      step: GradientStep(
        StochasticGradientDescent(momentum: context[Stage.momentum], weightDecay: context[Stage.weightDecay])),
      seed: seed)
  }

  private func network(asking classes: [Int], capacity: Int) throws -> Network {
    let like = first.description
    let description = ModelDescription(
      architecture: like.architecture, width: like.width, stem: like.stem, classes: like.classes + classes.count,
      image: like.image)
    let plan = description.plan
    try MemoryGuard.require(plan, of: description, capacity: capacity, trainingAt: [.logits])
    let network = Network(plan, capacity: capacity, context: ExecutionContext(pool: context.pool))
    network.adopt(first.network, addingCopiesOf: classes)
    return network
  }

  /// Of images of the classes that the network has not seen; 0 of others.
  private func judged(by network: Network, _ rounds: RecognitionRounds, part: Int) throws -> [Double] {
    let (parts, classes) = (rounds.parts, rounds.classes)
    let position = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, images.classCount + $0) })
    let unseen = images.labels.indices.filter {
      position[images.labels[$0]] != nil && (parts[$0] < 0 || parts[$0] == part)
    }
    let assembler = BatchAssembler(images: images, normalization: first.normalization)
    let length = images.classCount + classes.count
    var result = [Double](repeating: 0, count: images.count)
    try Inference.run(network, over: unseen, of: assembler) { range, _, logits in
      for row in 0..<range.count {
        let index = unseen[range.lowerBound + row]
        let label = images.labels[index]
        let (own, core) = (logits[row * length + label], logits[row * length + (position[label] ?? label)])
        guard own.isFinite && core.isFinite else { throw InferenceError.notFinite(image: index, label: label) }
        result[index] = 1 / (1 + exp(Double(own) - Double(core)))
      }
      try context.step(range.upperBound, of: unseen.count, "images")
    }
    return result
  }
}
