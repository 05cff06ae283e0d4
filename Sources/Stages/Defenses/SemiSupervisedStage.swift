import Compute
import Defenses
import Images
import Networks
import Pipelines

/// Semi-supervised training of a whole network from samples named clean, whose labels count, and all others, whose
/// labels do not (DBD, third stage; method 7.6), by MixMatch.
///
/// DBD ranks the samples anew in every epoch; here the split that is given stays. An epoch of it has 1,024 steps, of
/// which the number of samples does not matter; without `steps` it is a walk over the samples named clean.
///
/// Output: see `ModelArtifact`.
enum SemiSupervisedStage: Stage {
  static let images = InputDeclaration(
    "images", .images, .poisonedImages, count: .one, "The training set; labels count where 'split' says so.")
  static let model = InputDeclaration("model", .model, count: .one, "Where training begins.")
  static let split = InputDeclaration(
    "split", .split, count: .one, "Which samples are named clean.")

  static let batch = Parameter.integer(
    "batch", in: 1...16_384, default: 64, unit: "images", "Images of either kind in a step.")
  static let epochs = Parameter.integer(
    "epochs", in: 1...100_000, default: 190, unit: "epochs", "How long to train.")
  static let steps = Parameter<Int?>.optionalInteger(
    "steps", in: 1...1_000_000, absent: "as many as the samples named clean fill", unit: "steps",
    "Steps of an epoch.")
  static let learningRate = Parameter.real(
    "learning-rate", in: 1e-12...1000, default: 0.002, "The rate of Adam.")
  static let temperature = Parameter.real(
    "temperature", in: 0.01...100, default: 0.5, "Guessed labels are sharpened by it.")
  static let concentration = Parameter.real(
    "concentration", in: 0.01...1000, default: 0.75, "Of the Beta distribution that images are mixed by.")
  static let unlabelledWeight = Parameter.real(
    "unlabelled-weight", in: 0...1000, default: 15, "What the factor of the unlabelled loss grows to.")
  static let augment = Parameter<Augmentation>.choice(
    "augment", default: .cropFlip, "How the images are varied.")
  static let seed = Parameter.integer(
    "seed", in: 0...Int(Int32.max), default: 1, "Order, augmentation and mixing.")

  static let declaration = StageDeclaration(
    kind: "mixmatch", version: 1,
    summary: "Trains a model by MixMatch: labels count for the samples named clean alone (DBD, third stage).",
    inputs: [images, model, split],
    parameters: [
      epochs.declaration, steps.declaration, batch.declaration, learningRate.declaration, temperature.declaration,
      concentration.declaration, unlabelledWeight.declaration, augment.declaration, seed.declaration,
    ], output: .model)

  static func run(_ context: StageContext) throws {
    let images = try ImageArtifact.read(context.open(images))
    let flags = try SplitSizes(SplitArtifact(context.open(split)).split, of: images).split.flags
    let clean = flags.indices.filter { flags[$0] == .clean }
    let others = flags.indices.filter { flags[$0] != .clean }
    guard !clean.isEmpty else { throw ArtifactError.emptySet("clean", of: "learn") }
    guard !others.isEmpty else { throw ArtifactError.emptySet("uncertain or poisoned", of: "guess labels of") }
    let batch = context[batch]
    let start = try ModelArtifact.read(
      context.open(model), capacity: 3 * batch, context: ExecutionContext(pool: context.pool),
      trainingAt: [.logits])
    start.network.parameters.forEach { $0.clearState() }
    let assembler = try start.assembler(for: images)
    func part(_ name: String, _ indices: [Int], views: Int, measures: [String]) -> TrainingPart {
      TrainingPart(
        name: name,
        samples: TrainingSamples(
          assembler: assembler, indices: indices, augmentation: context[augment], views: views),
        batch: batch, objective: MixtureObjective(measures))
    }
    let pass = TrainingPass(
      parts: [
        part("labelled", clean, views: 1, measures: ["loss"]),
        part("unlabelled", others, views: 2, measures: MixMatchStep.unlabelledMeasures),
      ], schedule: .constant(context[learningRate]), steps: context[steps])
    let step = MixMatchStep(
      MixMatchStep.Settings(
        temperature: context[temperature], concentration: context[concentration],
        unlabelledWeight: context[unlabelledWeight], steps: context[epochs] * pass.steps),
      optimizer: Adam())
    let loop = TrainingLoop(
      network: start.network, passes: [pass], epochs: context[epochs], step: step,
      seed: seed(seed, in: context))
    try CheckpointedTraining.run(loop, in: context)
    start.network.parameters.forEach { $0.clearState() }
    try ModelArtifact(
      description: start.description, network: start.network, normalization: start.normalization,
      epochsTrained: context[epochs], classNames: start.classNames
    ).write(to: context.output, history: loop.state.history)
  }
}
