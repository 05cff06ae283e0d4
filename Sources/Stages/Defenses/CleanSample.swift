import Images
import Networks
import Pipelines

/// What the repairs have in common that work with a few clean images.
struct CleanSample {
  static let images = InputDeclaration(
    "images", .images, count: .one,
    "A few images that are known to be clean: of `clean-sample`, or a folder of images that somebody "
      + "vouches for.")
  static let model = InputDeclaration("model", .model, count: .one, "The model with the backdoor.")

  let images: ImageSet
  let model: ModelArtifact
  let assembler: BatchAssembler

  /// Reads the images and the model, without what an optimiser had kept for it.
  ///
  /// - Parameters:
  ///   - batch: images in a step.
  ///   - taps: where losses will be measured.
  init(_ context: StageContext, batch: Int, trainingAt taps: Set<Tap> = [.logits]) throws {
    images = try ImageArtifact.read(context.open(Self.images))
    guard images.count > 0 else { throw ArtifactError.emptySet("clean", of: "learn") }
    model = try ModelArtifact.read(
      context.open(Self.model), capacity: min(batch, images.count),
      context: ExecutionContext(pool: context.pool), trainingAt: taps)
    model.network.parameters.forEach { $0.clearState() }
    assembler = try model.assembler(for: images)
  }

  var indices: [Int] { Array(images.labels.indices) }

  /// Every image once in an epoch.
  ///
  /// - Parameters:
  ///   - name: what the columns of the history begin with.
  ///   - further: what the step measures besides loss and accuracy.
  func pass(
    _ name: String, _ training: TrainingParameters, _ context: StageContext,
    mode: NetworkMode = .training, further: [String] = []
  ) -> TrainingPass {
    TrainingPass(
      parts: [
        TrainingPart(
          name: name,
          samples: TrainingSamples(assembler: assembler, augmentation: context[training.augment]),
          batch: context[training.batch], objective: CrossEntropyObjective(further: further))
      ], schedule: training.schedule(in: context), mode: mode)
  }

  /// The share of the images that a network classifies as labelled.
  ///
  /// - Throws: `InferenceError` for a logit that is not finite, `StageInterrupted`.
  func accuracy(of network: Network, _ context: StageContext) throws -> Double {
    let predictions = try Inference.predictions(of: network, over: indices, of: assembler) { _ in
      if context.shouldStop { throw StageInterrupted() }
    }
    return Double(zip(predictions, images.labels).count { $0 == $1 }) / Double(images.count)
  }
}
