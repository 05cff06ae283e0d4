import Defenses
import Networks
import Pipelines

/// Mode connectivity repair (MCR; method 7.4): trains a curve between the weights of two models on a few clean
/// images, and takes the model at a point of it.
///
/// Batch normalisation's running statistics are measured there anew, over the clean images without
/// augmentation.
///
/// Output: see `ModelArtifact`.
enum ModeConnectivityStage: Stage {
  static let end = InputDeclaration(
    "end", .model, count: .one,
    "The other end of the curve, with the same architecture: the model after `fine-tune`, or another model "
      + "with the backdoor.")
  static let point = Parameter.real(
    "point", in: 0...1, default: 0.1, "Where on the curve, from 0, the model itself, to 1, the other end.")
  static let training = TrainingParameters(
    epochs: 100, learningRate: 0.01, schedule: .linear, weightDecay: 1e-4, augment: .cropFlip)

  static let declaration = StageDeclaration(
    kind: "mcr", version: 1,
    summary: "Trains a curve from a model to another on clean images, and takes a point of it (MCR).",
    inputs: [CleanSample.images, CleanSample.model, end],
    parameters: [point.declaration] + training.declarations, output: .model)

  static func run(_ context: StageContext) throws {
    let sample = try CleanSample(context, batch: context[training.batch])
    let network = sample.model.network
    let other = try ModelArtifact.read(
      context.open(end), capacity: 1, context: ExecutionContext(pool: context.pool))
    guard other.description == sample.model.description else { throw ArtifactError.differentModels("end") }
    let curve = WeightCurve(from: network, to: other.network)
    curve.fillWithMiddle(network)
    let step = CurveStep(
      curve, optimizer: training.optimizer(in: context, hasDecay: false),
      weightDecay: context[training.weightDecay])
    try training.train(
      sample.model, [sample.pass("curve", training, context)], in: context,
      seed: seed(training.seed, in: context), countsEpochs: false, step: step,
      finish: {
        curve.move(network, to: context[point])
        network.estimateStatistics(over: sample.indices, of: sample.assembler)
      })
  }
}
