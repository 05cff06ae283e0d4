import Defenses
import Networks
import Pipelines

/// Neural attention distillation (NAD; method 7.3): the model learns from a few clean images to look where a
/// fine-tuned copy of it looks.
///
/// The maps are those behind the last three stages of the network, before they are pooled.
///
/// Output: see `ModelArtifact`.
enum AttentionDistillationStage: Stage {
  static let teacher = InputDeclaration(
    "teacher", .model, count: .one, "The model after `fine-tune`, with the same architecture.")
  static let weights: [(tap: Tap, parameter: Parameter<Double>)] = [
    ("layer2", 0.0), ("layer3", 0), ("layer4", 5000),
  ].map { name, value in
    (
      Tap(rawValue: name),
      .real(
        "beta-\(name)", in: 0...1e9, default: value, "How much the maps behind '\(name)' count (beta).")
    )
  }
  static let training = TrainingParameters(
    epochs: 20, learningRate: 0.1, schedule: .steps, batch: 64, weightDecay: 1e-4, augment: .cropFlip,
    milestones: [2], nesterov: true)

  static let declaration = StageDeclaration(
    kind: "nad", version: 1,
    summary: "Trains a model to attend as a fine-tuned copy of it does, on clean images (NAD).",
    inputs: [CleanSample.images, CleanSample.model, teacher],
    parameters: weights.map(\.parameter.declaration) + training.declarations, output: .model)

  static func run(_ context: StageContext) throws {
    let terms = weights.map {
      AttentionDistillationStep.Term($0.tap, weight: context[$0.parameter])
    }
    let taps = terms.filter { $0.weight > 0 }.map(\.tap)
    let stored = try StoredModel(context.open(CleanSample.model)).description
    let plan = stored.plan
    if let missing = taps.first(where: { plan.shape(at: $0) == nil }) {
      throw ArtifactError.noTap(missing.rawValue, architecture: stored.architecture.name)
    }
    let sample = try CleanSample(
      context, batch: context[training.batch], trainingAt: Set(taps).union([.logits]))
    let network = sample.model.network
    let teacher = try ModelArtifact.read(
      context.open(teacher), capacity: network.capacity, context: network.context,
      keeping: Set(taps))
    guard teacher.description == sample.model.description else {
      throw ArtifactError.differentModels("teacher")
    }
    let step = AttentionDistillationStep(
      teacher: teacher.network, terms: terms, optimizer: training.optimizer(in: context))
    try training.train(
      sample.model,
      [
        sample.pass(
          "distillation", training, context, further: AttentionDistillationStep.furtherMeasures)
      ], in: context, seed: seed(training.seed, in: context), countsEpochs: false, step: step)
  }
}
