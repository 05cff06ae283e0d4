import Defenses
import Networks
import Pipelines
import Reports

/// Cuts off the features that clean images use least, as long as the accuracy on these images allows, and
/// trains on without them (fine-pruning; method 7.9).
///
/// Nothing looks at test images: what a pruning costs is measured on the clean images themselves.
///
/// Output: see `ModelArtifact`, and
///
///     /pruned_features   int64 [pruned]   in the order in which they were pruned
enum FinePruningStage: Stage {
  static let tolerance = Parameter.share(
    "tolerance", in: 0...1, default: 0.1,
    "How much of the accuracy on the clean images the pruning may cost, as a share of it.")
  static let training = TrainingParameters(
    epochs: 100, learningRate: 0.01, schedule: .cosine, batch: 256, augment: .cropFlip, nesterov: false)

  static let declaration = StageDeclaration(
    kind: "fine-pruning", version: 1,
    summary: "Prunes features that clean images use least, then trains a model further (FP).",
    inputs: [CleanSample.images, CleanSample.model],
    parameters: [tolerance.declaration] + training.declarations, output: .model)

  static func run(_ context: StageContext) throws {
    let sample = try CleanSample(context, batch: context[training.batch])
    let (description, network) = (sample.model.description, sample.model.network)
    let classifier = network.parameters.filter { description.isInClassifier($0.name) }
    guard let weight = classifier.first(where: { $0.storedShape.count == 2 }),
      let bias = classifier.first(where: { $0.storedShape.count == 1 })
    else { throw ArtifactError.noTap("classifier", architecture: description.architecture.name) }
    let features = try Inference.features(of: network, over: sample.indices, of: sample.assembler) {
      try context.step($0.upperBound, of: sample.images.count, "images")
    }
    let result = FinePruning(tolerance: context[tolerance]).result(
      features: features.pointer, length: network.output(.features).length,
      weight: weight.exported(weight.values), bias: bias.values.array, labels: sample.images.labels)
    let step = PrunedGradientStep(
      GradientStep(training.optimizer(in: context)), weight: weight, pruned: result.pruned)
    try training.train(
      sample.model, [sample.pass("fine_tune", training, context)], in: context,
      seed: seed(training.seed, in: context), countsEpochs: false, step: step)
    try context.output.root.write(
      result.pruned, to: "pruned_features",
      attributes: ["meaning": "features that are cut off from the classifier, the least active first"])
    context.note(
      "\(result.pruned.count) of \(network.output(.features).length) features pruned; accuracy on the clean "
        + "images \(NumberFormat.percent(result.accuracyBefore)) before, "
        + "\(NumberFormat.percent(result.accuracyAfter)) after, then trained on")
  }
}
