import Images
import Networks
import Pipelines

/// The parameters that all stages that train have in common, with defaults of their own.
struct TrainingParameters {
  let epochs: Parameter<Int>
  let batch: Parameter<Int>
  let learningRate: Parameter<Double>
  let schedule: Parameter<ScheduleWord>
  let period: Parameter<Int?>
  let milestones: Parameter<[Int]>
  let factor: Parameter<Double>
  let momentum: Parameter<Double>
  let weightDecay: Parameter<Double>
  let augment: Parameter<Augmentation>
  let seed: Parameter<Int>
  /// Of stages that offer it.
  let nesterov: Parameter<Bool>?

  /// - Parameter nesterov: its default; `nil` for stages that do not offer it.
  init(
    epochs: Int, epochName: String = "epochs", learningRate: Double, schedule: ScheduleWord,
    batch: Int = 128, weightDecay: Double = 5e-4, augment: Augmentation, milestones: [Int] = [100, 150],
    nesterov: Bool? = nil
  ) {
    self.epochs = .integer(
      epochName, in: 1...100_000, default: epochs, unit: epochName, "How long to train.")
    self.batch = .integer(
      "batch", in: 1...65_536, default: batch, unit: "images", "Images in a step.")
    self.learningRate = .real(
      "learning-rate", in: 1e-12...1000, default: learningRate,
      "The rate of stochastic gradient descent; where it begins, or the peak of `one-cycle`.")
    self.schedule = .choice("schedule", default: schedule, "How the rate changes.")
    period = .optionalInteger(
      "period", in: 1...100_000, absent: "the number of \(epochName)", unit: epochName,
      "With `schedule = cosine`: when the rate would reach zero.")
    self.milestones = .integers(
      "milestones", in: 1...100_000, default: milestones, unit: epochName,
      "With `schedule = steps`: when the rate is multiplied by `factor`.")
    factor = .real("factor", in: 1e-6...1, default: 0.1, "With `schedule = steps`.")
    momentum = .real("momentum", in: 0...0.9999, default: 0.9, "Momentum of the descent.")
    self.weightDecay = .real("weight-decay", in: 0...1, default: weightDecay, "Decay of all weights.")
    self.augment = .choice("augment", default: augment, "How the images are varied.")
    seed = .integer(
      "seed", in: 0...Int(Int32.max), default: 1, "Initial weights, order and augmentation.")
    self.nesterov = nesterov.map {
      .flag("nesterov", default: $0, "Whether the momentum is Nesterov's.")
    }
  }

  var declarations: [ParameterDeclaration] {
    [
      epochs.declaration, batch.declaration, learningRate.declaration, schedule.declaration,
      period.declaration, milestones.declaration, factor.declaration, momentum.declaration,
      weightDecay.declaration, augment.declaration, seed.declaration,
    ] + (nesterov.map { [$0.declaration] } ?? [])
  }

  /// The descent with these settings.
  ///
  /// - Parameter hasDecay: whether it lets the weights decay itself.
  func optimizer(in context: StageContext, hasDecay: Bool = true) -> StochasticGradientDescent {
    StochasticGradientDescent(
      momentum: context[momentum], weightDecay: hasDecay ? context[weightDecay] : 0,
      isNesterov: nesterov.map { context[$0] } ?? false)
  }

  /// - Parameters:
  ///   - earlierEpochs: those that the schedule has behind it when the stage begins.
  ///   - count: how many epochs it goes through; as many as the parameter says where `nil`.
  func schedule(
    in context: StageContext, after earlierEpochs: Int = 0, epochs count: Int? = nil
  ) -> LearningRateSchedule {
    let rate = context[learningRate]
    let all = earlierEpochs + (count ?? context[epochs])
    return switch context[schedule] {
    case .constant: .constant(rate)
    case .cosine: .cosine(rate: rate, period: context[period] ?? all)
    case .steps: .steps(rate: rate, milestones: context[milestones], factor: context[factor])
    case .oneCycle: .oneCycle(peak: rate, epochs: all)
    case .linear: .linear(rate: rate, epochs: all)
    }
  }

  /// Trains a model and writes it with its history: what the stages have in common that train one.
  ///
  /// - Parameters:
  ///   - seed: of orders, augmentations and dropout.
  ///   - count: how many epochs; as many as the parameter says where `nil`.
  ///   - goesOn: whether epochs, orders and augmentations follow on those of the model's training.
  ///   - unit: what an epoch is called.
  ///   - countsEpochs: whether the epochs are part of the model's training.
  ///   - step: what happens in a step; the usual thing unless given.
  ///   - figures: measured after each epoch.
  ///   - finish: called before the model is written.
  func train(
    _ model: ModelArtifact, _ passes: [TrainingPass], in context: StageContext, seed randomSeed: UInt64,
    epochs count: Int? = nil, goesOn: Bool = false, unit: String = "epoch", countsEpochs: Bool = true,
    step: (any TrainingStep)? = nil, figures: CheckpointedTraining.Figures? = nil,
    finish: () throws -> Void = {}
  ) throws {
    let loop = TrainingLoop(
      network: model.network, passes: passes, epochs: count ?? context[epochs],
      step: step ?? GradientStep(optimizer(in: context)), seed: randomSeed,
      earlierEpochs: goesOn ? model.epochsTrained : 0)
    try CheckpointedTraining.run(loop, in: context, unit: unit, figures: figures)
    try finish()
    try ModelArtifact(
      description: model.description, network: model.network, normalization: model.normalization,
      epochsTrained: model.epochsTrained + (countsEpochs ? count ?? context[epochs] : 0),
      classNames: model.classNames
    ).write(to: context.output, history: loop.state.history)
  }
}

/// The words for learning rate schedules.
enum ScheduleWord: String, ParameterWord {
  case constant
  case cosine
  case steps
  case oneCycle = "one-cycle"
  case linear

  var summary: String {
    switch self {
    case .constant: "stays"
    case .cosine: "falls along half a cosine, per epoch"
    case .steps: "is multiplied by `factor` at each of `milestones`"
    case .oneCycle: "rises from 1/25 of the peak in the first 30% of all steps, then falls to zero"
    case .linear: "stays for half of the training, then falls to 1/100 at 90% of it, per epoch"
    }
  }
}

extension Augmentation: ParameterWord {
  package var summary: String {
    switch self {
    case .none: "not at all"
    case .crop: "black border of 4 pixels, then a random crop"
    case .cropFlip: "crop, then left and right swapped half of the time"
    case .cropFlipRotate: "crop, flip, then rotation by up to 15 degrees"
    case .rotateFlip: "rotation by up to 20 degrees, then flip"
    case .contrastive: "a part of the image at full size, flip, colour jitter, grey (as for contrastive learning)"
    }
  }
}
